using System.Net;
using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenApi;

/// <summary>The reference at <c>/docs</c>.</summary>
public sealed partial class DocsPageTests(SiloApp app) : IClassFixture<SiloApp>
{
    [Fact]
    public async Task It_comes_whole_from_the_silo()
    {
        using HttpResponseMessage page = await app.SendAsync("GET", "/docs/");
        string html = await page.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.DoesNotContain("://", html.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("openapi/v1.json", html, StringComparison.Ordinal);
        string[] scripts = [.. Script().Matches(html).Select(match => match.Groups["src"].Value)];
        Assert.NotEmpty(scripts);
        foreach (string script in scripts)
        {
            using HttpResponseMessage source = await app.SendAsync("GET", new Uri(new Uri("http://localhost/docs/"), script).AbsolutePath);
            Assert.Equal((HttpStatusCode.OK, "text/javascript"), (source.StatusCode, source.Content.Headers.ContentType!.MediaType));
        }
    }

    [Fact]
    public async Task Only_its_own_scripts_run_and_it_speaks_to_its_silo_only()
    {
        using HttpResponseMessage page = await app.SendAsync("GET", "/docs/");
        using HttpResponseMessage other = await app.SendAsync("GET", "/docs/");
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        string nonce = Nonce().Match(policy).Groups["nonce"].Value;
        string html = await page.Content.ReadAsStringAsync();
        Assert.Equal(32, nonce.Length);
        Assert.All(Tag().Matches(html), tag => Assert.Contains($"nonce=\"{nonce}\"", tag.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(nonce, Assert.Single(other.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_keys_it_is_for_anyone_and_without_them_for_this_machine()
    {
        await using SiloApp guarded = new SiloApp().With("OrleansMemory:ApiKeys:key-of-a-tenant-01", "a");
        using HttpResponseMessage open = await guarded.SendAsync("GET", "/docs/");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/docs/");
        elsewhere.Headers.Host = "memory.example";
        using HttpResponseMessage refused = await app.Http.SendAsync(elsewhere);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [GeneratedRegex("<script[^>]* src=\"(?<src>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Script();

    [GeneratedRegex("<script[^>]*>", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Tag();

    [GeneratedRegex("'nonce-(?<nonce>[^']+)'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Nonce();
}
