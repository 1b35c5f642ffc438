using System.Net;
using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>The page and its files, as they are served.</summary>
public sealed partial class ConsolePageTests(SiloApp app) : IClassFixture<SiloApp>
{
    private static readonly string[] Files =
    [
        .. Directory.GetFiles(Checkout.PathOf("Silo/WebConsole/Files")).Select(static file => Path.GetFileName(file)),
    ];

    [Fact]
    public async Task The_page_and_every_file_come_from_the_silo_and_say_what_they_are()
    {
        using HttpResponseMessage page = await app.SendAsync("GET", "/");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        string html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.NotEmpty(Files);
        foreach (string file in Files)
        {
            using HttpResponseMessage served = await app.SendAsync("GET", "/console/" + file);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.Equal(
                await File.ReadAllBytesAsync(Checkout.PathOf("Silo/WebConsole/Files/" + file)),
                await served.Content.ReadAsByteArrayAsync()
            );
            Assert.Equal("nosniff", Assert.Single(served.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains(
                "default-src 'none'",
                Assert.Single(served.Headers.GetValues("Content-Security-Policy")),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("unsafe-inline", false)]
    [InlineData("unsafe-eval", false)]
    [InlineData("*", false)]
    [InlineData("script-src 'self';", true)]
    [InlineData("style-src 'self';", true)]
    [InlineData("connect-src 'self';", true)]
    [InlineData("frame-ancestors 'none'", true)]
    [InlineData("base-uri 'none'", true)]
    [InlineData("form-action 'none'", true)]
    [InlineData("require-trusted-types-for 'script'", true)]
    public async Task Its_policy_of_contents_is_strict(string part, bool isThere)
    {
        using HttpResponseMessage page = await app.SendAsync("GET", "/");

        Assert.Equal(isThere, Assert.Single(page.Headers.GetValues("Content-Security-Policy")).Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_that_has_a_file_is_told_that_it_has_it()
    {
        using HttpResponseMessage first = await app.SendAsync("GET", "/console/main.js");
        using HttpResponseMessage again = await app.SendAsync(
            "GET",
            "/console/main.js",
            null,
            ("If-None-Match", first.Headers.ETag!.ToString())
        );
        using HttpResponseMessage head = await app.SendAsync("HEAD", "/console/main.js");

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(
            "no-cache, public",
            string.Join(", ", first.Headers.CacheControl!.ToString().Split(", ").Order(StringComparer.Ordinal))
        );
    }

    [Theory]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/Main.js")]
    [InlineData("/console/..%2Fappsettings.json")]
    public async Task What_is_no_file_of_it_is_not_there(string path) =>
        await app.RefuseAsync(HttpStatusCode.NotFound, "route-not-found", "GET", path);

    [Fact]
    public async Task With_keys_the_page_is_for_anyone_and_without_them_for_this_machine()
    {
        await using SiloApp guarded = new SiloApp().With("OrleansMemory:ApiKeys:key-of-a-tenant-01", "a");
        using HttpResponseMessage open = await guarded.SendAsync("GET", "/");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        using HttpResponseMessage file = await guarded.SendAsync("GET", "/console/main.js");
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/");
        elsewhere.Headers.Host = "memory.example";
        using HttpResponseMessage refused = await app.Http.SendAsync(elsewhere);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    /// <summary>
    /// The browser refuses these by the policy; that none is there at all keeps a page working that a browser without trusted types shows.
    /// </summary>
    [Fact]
    public void No_script_makes_markup_or_code_of_a_text()
    {
        foreach (string file in Files.Where(static file => file.EndsWith(".js", StringComparison.Ordinal)))
        {
            string script = File.ReadAllText(Checkout.PathOf("Silo/WebConsole/Files/" + file));
            Assert.DoesNotMatch(Markup(), script);
            Assert.DoesNotMatch(Elsewhere(), script);
        }
    }

    [GeneratedRegex(
        @"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTMLUnsafe|srcdoc|\beval\(|new Function|setTimeout\(['""`]|\.style\s*=|['""]style['""]",
        RegexOptions.CultureInvariant,
        1_000
    )]
    private static partial Regex Markup();

    // The name space of drawings is an address that nothing is asked for at.
    [GeneratedRegex(@"https?://(?!www\.w3\.org/2000/svg')[a-z]", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Elsewhere();
}
