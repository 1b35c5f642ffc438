using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

/// <summary>The web app of README.md: what is printed there is built from packages in a folder of its own, started and called.</summary>
public sealed partial class ReadmeAppTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IDisposable
{
    private const string Heading = "## In your own web app";

    // The app is started as it is printed, on the port that Orleans takes when no one names one.
    private const int OrleansPort = 11_111;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("om-readme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_printed_app_builds_from_packages_runs_and_remembers()
    {
        string root = Checkout.Root;
        string section = File.ReadAllText(Path.Combine(root, "README.md")).Split(Heading)[1].Split("\n## ")[0];
        string program = section.Split("```csharp\n")[1].Split("```")[0];
        string[] packages = [.. PackageLine().Matches(section).Select(line => line.Groups["package"].Value)];
        Assert.NotEmpty(packages);
        string configuration =
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) == "release" ? "Release" : "Debug";
        string version = FormattableString.Invariant($"0.0.0-test.{Guid.NewGuid():N}");
        string feed = Path.Combine(_folder.FullName, "feed");

        await RunAsync(
            "pack",
            Path.Combine(root, "Packages.slnf"),
            "--no-build",
            "-c",
            configuration,
            "-o",
            feed,
            $"-p:PackageVersion={version}",
            "-p:MinVerSkip=true",
            "--nologo",
            "-v",
            "quiet"
        );
        PackageChecks.Demand(feed, root);
        await WriteAsync("Program.cs", program);
        await WriteAsync("Chat.csproj", Project(packages, version));
        await WriteAsync(
            "nuget.config",
            """<configuration><packageSources><add key="feed" value="feed" /></packageSources></configuration>"""
        );

        // Ours are unpacked beside the app and leave with it; what others have made is where it was.
        List<string> said = await RunAsync("build", "-c", configuration, "--nologo", "-v", "quiet");
        Assert.DoesNotContain(said, line => line.Contains("warning", StringComparison.Ordinal));

        await AssertRemembersAsync($"bin/{configuration}/net10.0/Chat.dll");
    }

    private async Task AssertRemembersAsync(string program)
    {
        await FreeAsync(OrleansPort);
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var log = new List<string>();
        using Process app = Start([program, "--urls", address.ToString()], log);
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            Assert.Equal("You have said 1 things.", await AskAsync(http, app, log, "t1", "Where did I want to go?"));
            Assert.Equal("You have said 2 things.", await AskAsync(http, app, log, "t2", "And when?"));
        }
        finally
        {
            app.Kill();
            await app.WaitForExitAsync();
        }
    }

    private static async Task<string> AskAsync(HttpClient http, Process app, List<string> log, string turnId, string text)
    {
        using var deadline = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await http.PostAsJsonAsync("/chat/trip", new { turnId, text }, deadline.Token);
                string answer = await response.Content.ReadAsStringAsync(deadline.Token);
                Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
                return answer;
            }
            catch (HttpRequestException failure) when (failure.InnerException is SocketException)
            {
                // It does not listen yet.
                Assert.False(app.HasExited, Joined(log));
                await Task.Delay(100, deadline.Token);
            }
        }
    }

    private static async Task FreeAsync(int port)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(200, deadline.Token);
            }
        }
    }

    private static string Project(string[] packages, string version) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreFallbackFolders>{Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                    ".nuget",
                    "packages"
                )}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(packages.Select(package => $"<PackageReference Include=\"{package}\" Version=\"{version}\" />"))}
              </ItemGroup>
            </Project>
            """;

    private async Task<List<string>> RunAsync(params string[] arguments)
    {
        var log = new List<string>();
        using Process process = Start(arguments, log);
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.True(process.ExitCode == 0, Joined(log));
        return log;
    }

    private Process Start(string[] arguments, List<string> log)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment["ConnectionStrings__Postgres"] = database.ConnectionString;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Add(log, line.Data);
        process.ErrorDataReceived += (_, line) => Add(log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Add(List<string> log, string? line)
    {
        lock (log)
        {
            log.Add(line ?? "");
        }
    }

    private static string Joined(List<string> log)
    {
        lock (log)
        {
            return string.Join('\n', log);
        }
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), text);

    [GeneratedRegex(@"^dotnet add \S+ package (?<package>\S+) --prerelease$", RegexOptions.Multiline, 5_000)]
    private static partial Regex PackageLine();
}
