using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress.OpenApi;

/// <summary>
/// What openapi-typescript makes of the OpenAPI document is compiled, strictly, with a program that uses it by openapi-fetch, and the
/// program is run against a silo.
/// </summary>
public sealed class TypeScriptClientTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Key = "typescript-key-0123456789";

    // What is marked must not compile: a field that a turn does not have.
    private const string Program = """
        import createClient from "openapi-fetch";
        import type { components, paths } from "./schema";

        const client = createClient<paths>({ baseUrl: process.argv[2]!, headers: { Authorization: "Bearer " + process.argv[3] } });

        async function run(): Promise<void> {
          const path = { id: "trip:1" };
          await client.PUT("/v1/conversations/{id}", { params: { path }, body: { userId: "ana", metadata: { channel: "web", nights: 7 }, ttl: { seconds: 3600, sliding: true } } });
          await client.PUT("/v1/conversations/{id}", { params: { path: { id: "other" } }, body: { userId: "ana", metadata: { channel: "phone" } } });
          const turn = await client.POST("/v1/conversations/{id}/turns", {
            params: { path, header: { "Idempotency-Key": "turn-1" } },
            body: { messages: [{ role: "user", content: "Find me a hotel." }, { role: "assistant", contents: [{ $type: "text", text: "Where?" }] }], globals: { city: "Lisbon" } },
          });
          const one = await client.POST("/v1/conversations/{id}/messages", { params: { path }, body: { role: "user", content: "In Lisbon." } });
          const many = await client.POST("/v1/conversations/{id}/messages", { params: { path }, body: [{ role: "assistant", content: "Alfama Inn." }, { role: "user", content: "Good." }] });
          const page = await client.GET("/v1/conversations/{id}/messages", { params: { path, query: { limit: 2, order: "desc" } } });
          const list = await client.GET("/v1/conversations", { params: { query: { userId: "ana", metadata: ["channel=web", "nights=7"] } } });
          const refused = await client.GET("/v1/conversations/{id}", { params: { path: { id: "unknown" } } });
          const version: number | undefined = turn.data?.version;
          const code: string | undefined = refused.error?.code;
          console.log(JSON.stringify([version, one.data?.lastSequence, many.data?.lastSequence, page.data?.messages.map(message => message.sequence), list.data?.conversations.map(conversation => conversation.id), code]));
        }

        void run();
        // @ts-expect-error a turn has no such field
        const wrong: components["schemas"]["TurnBody"] = { mesages: [] };
        void wrong;
        """;

    [NpmFact]
    public async Task It_compiles_and_works()
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(
            database.ConnectionString,
            ("OrleansMemory:ApiKeys:0:Key", Key),
            ("OrleansMemory:ApiKeys:0:Tenant", "typescript")
        );
        string folder = Directory.CreateTempSubdirectory("typescript-client-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await silo.Http.GetStringAsync("/openapi/v1.json"));
            await File.WriteAllTextAsync(Path.Combine(folder, "program.ts"), Program);
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"private":true,"type":"commonjs"}""");
            await NodePrograms.RunAsync(
                folder,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--loglevel=error",
                "openapi-typescript@7.13.0",
                "openapi-fetch@0.17.0",
                "typescript@5.9.3",
                "@types/node@22"
            );
            string bin = Path.Combine("node_modules", ".bin");
            await NodePrograms.RunAsync(folder, Path.Combine(folder, bin, "openapi-typescript"), "openapi.json", "-o", "schema.d.ts");
            await NodePrograms.RunAsync(
                folder,
                Path.Combine(folder, bin, "tsc"),
                "--strict",
                "--noUncheckedIndexedAccess",
                "--exactOptionalPropertyTypes",
                "--target",
                "es2022",
                "--module",
                "commonjs",
                "--types",
                "node",
                "--skipLibCheck",
                "program.ts"
            );

            string said = await NodePrograms.RunAsync(folder, "node", "program.js", silo.Http.BaseAddress!.ToString(), Key);

            Assert.Equal("""[2,3,5,[5,4],["trip:1"],"conversation-not-found"]""", said.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
