using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using OrleansMemory.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(OrleansMemory.Tests.WebConsole.ConsoleBrowser))]

namespace OrleansMemory.Tests.WebConsole;

/// <summary>
/// A silo with keys over PostgreSQL, in a process of its own, and a browser. They start with the first test that needs them.
/// </summary>
public sealed class ConsoleBrowser : IAsyncDisposable
{
    internal const string OperatorKey = "console-operator-key-0123";
    internal const string ReaderKey = "console-reader-key-012345";
    internal const string BoundKey = "console-bound-key-0123456";

    /// <summary>The tenant of the reader and of the key that is bound to <see cref="BoundUser"/>.</summary>
    internal const string KeysTenant = "keys";

    internal const string BoundUser = "ana";

    // As root it has no sandbox; without the others it looks for hosts that a test machine does not reach.
    private static readonly string[] Arguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly Lazy<Task<(SiloProcess Silo, IPlaywright Playwright, IBrowser Browser)>> _started;
    private readonly PostgresDatabase _database = new();
    private int _tenants;

    public ConsoleBrowser() => _started = new(StartAsync);

    /// <summary>Opens the console for a tenant that no other test has.</summary>
    internal async Task<ConsoleTab> OpenAsync(string? key = OperatorKey, string? tenant = null, BrowserNewContextOptions? options = null)
    {
        (SiloProcess silo, _, IBrowser browser) = await _started.Value;
        string name = tenant ?? string.Create(CultureInfo.InvariantCulture, $"console-{Interlocked.Increment(ref _tenants)}");
        var http = new HttpClient { BaseAddress = silo.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
        http.DefaultRequestHeaders.Add("OrleansMemory-Tenant", name);
        IBrowserContext context = await browser.NewContextAsync(
            options
                ?? new BrowserNewContextOptions
                {
                    ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
                    Locale = "en-GB",
                }
        );
        if (key is not null)
        {
            await context.AddInitScriptAsync($"sessionStorage.setItem('orleansmemory.key', '{key}')");
        }

        if (key == OperatorKey)
        {
            await context.AddInitScriptAsync(
                $"sessionStorage.getItem('orleansmemory.tenant') ?? sessionStorage.setItem('orleansmemory.tenant', '{name}')"
            );
        }

        return await ConsoleTab.OpenAsync(context, http, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated)
        {
            return;
        }

        (SiloProcess silo, IPlaywright playwright, IBrowser browser) = await _started.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
        await silo.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<(SiloProcess Silo, IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        await _database.InitializeAsync();
        SiloProcess silo = await SiloProcess.StartAsync(
            _database.ConnectionString,
            ("OrleansMemory:ApiKeys:0:Key", OperatorKey),
            ("OrleansMemory:ApiKeys:0:Role", "Operator"),
            ("OrleansMemory:ApiKeys:1:Key", ReaderKey),
            ("OrleansMemory:ApiKeys:1:Tenant", KeysTenant),
            ("OrleansMemory:ApiKeys:1:Role", "Reader"),
            ("OrleansMemory:ApiKeys:2:Key", BoundKey),
            ("OrleansMemory:ApiKeys:2:Tenant", KeysTenant),
            ("OrleansMemory:ApiKeys:2:User", BoundUser)
        );
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = BrowserFactAttribute.Browser, Args = Arguments }
        );
        return (silo, playwright, browser);
    }
}
