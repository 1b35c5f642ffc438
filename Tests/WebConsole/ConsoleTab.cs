using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>
/// A tab with the console, and the tenant that it looks at. What the page throws, and what its policy of contents refuses, fails the test
/// at its end.
/// </summary>
internal sealed class ConsoleTab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly ConcurrentQueue<string> _requests = [];

    private ConsoleTab(IBrowserContext context, HttpClient http, string tenant, IPage page) =>
        (_context, Http, Tenant, Page) = (context, http, tenant, page);

    /// <summary>Asks the silo for the same tenant.</summary>
    public HttpClient Http { get; }

    public string Tenant { get; }

    public IPage Page { get; }

    /// <summary>What the page has asked for: method and address.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<ConsoleTab> OpenAsync(IBrowserContext context, HttpClient http, string tenant)
    {
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        var tab = new ConsoleTab(context, http, tenant, page);
        page.PageError += (_, error) => tab._errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            // A 404 of a memory that no program has is told there, too.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                tab._errors.Enqueue(message.Text);
            }
        };
        page.Request += (_, request) => tab._requests.Enqueue($"{request.Method} {request.Url}");
        return tab;
    }

    /// <summary>Goes to an address of the console.</summary>
    public async Task GoAsync(string hash = "")
    {
        await Page.GotoAsync(new Uri(Http.BaseAddress!, "/" + hash).ToString());
    }

    /// <summary>Asks the silo, which must answer with success.</summary>
    public async Task<JsonElement> AskAsync(string method, string path, object? body = null)
    {
        using HttpResponseMessage answer = await Http.SendAsync(method, path, body is null ? null : JsonSerializer.Serialize(body));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Asks the silo, which may answer with an error.</summary>
    public async Task<HttpStatusCode> StatusAsync(string method, string path)
    {
        using HttpResponseMessage answer = await Http.SendAsync(method, path);
        return answer.StatusCode;
    }

    /// <summary>Waits until something is seen.</summary>
    public Task SeeAsync(ILocator what) =>
        TellAsync(Assertions.Expect(what).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 30_000 }));

    /// <summary>Waits until a text is seen.</summary>
    public Task SeeAsync(string text) => SeeAsync(Page.GetByText(text).First);

    /// <summary>Waits until there are so many of something.</summary>
    public Task CountAsync(int count, ILocator what) =>
        TellAsync(Assertions.Expect(what).ToHaveCountAsync(count, new LocatorAssertionsToHaveCountOptions { Timeout = 30_000 }));

    /// <summary>The sequences that the transcript shows, from its top to its end.</summary>
    public async Task<long[]> SequencesAsync() =>
        [
            .. (await Page.Locator("article.message").EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.sequence)")).Select(
                static text => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            ),
        ];

    /// <summary>Nothing of what was planted has become an element, a link or code.</summary>
    public async Task CleanAsync()
    {
        Assert.Null(await Page.EvaluateAsync<string?>("window.planted === undefined ? null : String(window.planted)"));
        Assert.Equal(
            0,
            await Page.Locator(
                    "iframe, main script, main svg:not(.chart svg), object, embed, a[href^='javascript:'], img[src^='data:image/svg'], img[src='x']"
                )
                .CountAsync()
        );
        Assert.Empty(_errors);
    }

    // A page that has thrown shows nothing of what is waited for.
    private async Task TellAsync(Task seeing)
    {
        try
        {
            await seeing;
        }
        catch (PlaywrightException failure)
        {
            throw new InvalidOperationException($"{Page.Url}: {failure.Message}\n{string.Join('\n', _errors)}", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Http.Dispose();
        Assert.Empty(_errors);
    }
}
