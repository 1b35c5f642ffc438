using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>
/// OpenAI's own client for TypeScript with another base address: its types compile, strictly, and its calls work against a silo over
/// PostgreSQL.
/// </summary>
public sealed class OpenAiSdkTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Key = "openai-sdk-key-0123456789";

    [NpmFact]
    public async Task It_compiles_and_works()
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(
            database.ConnectionString,
            ("OrleansMemory:ApiKeys:0:Key", Key),
            ("OrleansMemory:ApiKeys:0:Tenant", "sdk")
        );
        string folder = Directory.CreateTempSubdirectory("openai-client-").FullName;
        try
        {
            File.Copy(Checkout.PathOf("Tests/Silo/OpenAi/program.ts"), Path.Combine(folder, "program.ts"));
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"private":true,"type":"commonjs"}""");
            await NodePrograms.RunAsync(
                folder,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--loglevel=error",
                "openai@6.49.0",
                "typescript@5.9.3",
                "@types/node@22"
            );
            await NodePrograms.RunAsync(
                folder,
                Path.Combine(folder, "node_modules", ".bin", "tsc"),
                "--strict",
                "--noUncheckedIndexedAccess",
                "--esModuleInterop",
                "--target",
                "es2022",
                "--module",
                "commonjs",
                "--types",
                "node",
                "--skipLibCheck",
                "program.ts"
            );

            Assert.Equal(
                "all is well",
                (
                    await NodePrograms.RunAsync(folder, "node", "program.js", new Uri(silo.Http.BaseAddress!, "/openai/v1").ToString(), Key)
                ).Trim()
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
