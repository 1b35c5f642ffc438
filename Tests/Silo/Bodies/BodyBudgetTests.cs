using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Bodies;

public sealed class BodyBudgetTests(BodyBudgetTests.TightBudget app) : IClassFixture<BodyBudgetTests.TightBudget>
{
    private const int KiB = 1024;

    [Fact]
    public async Task A_body_that_does_not_end_costs_the_others_nothing_but_its_bytes()
    {
        BodyBudget budget = app.Services.GetRequiredService<BodyBudget>();
        using var slow = new SlowBody("{\"role\":\"user\",\"content\":\"" + new string('x', 900 * KiB), "\"}");

        // The usual client reads a body to its end before it sends it.
        using HttpClient http = app.Server.CreateClient();
        Task<HttpResponseMessage> first = http.PostAsync("/v1/conversations/slow/messages", slow);
        await slow.HalfSent.Task.WithTimeout();
        await UntilAsync(() => budget.Taken > 900 * KiB);

        var refused = await app.RefuseAsync(
            HttpStatusCode.TooManyRequests,
            "too-many-bytes-in-flight",
            "POST",
            "other/messages",
            $$"""{"role":"user","content":"{{new string('y', 900 * KiB)}}"}"""
        );
        Assert.Equal(8_200_000, refused.GetProperty("limit").GetInt64());
        await app.AskAsync(HttpStatusCode.Created, "POST", "other/messages", """{"role":"user","content":"small"}""");

        slow.Rest.SetResult();
        using HttpResponseMessage answer = await first.WithTimeout();
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await UntilAsync(() => budget.Taken == 0);
        await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "other/messages",
            $$"""{"role":"user","content":"{{new string('y', 900 * KiB)}}"}"""
        );
    }

    [Theory]
    [InlineData("""{"role":"user","content":"x","no":1}""")]
    [InlineData("""{"role":"user","content":"x"]""")]
    [InlineData("""{"role":"user"}""")]
    public async Task What_is_refused_gives_back_its_bytes(string body)
    {
        string padded = body.Insert(body.IndexOf('x', StringComparison.Ordinal) is var at and >= 0 ? at : 9, new string('z', 300 * KiB));

        await app.AskAsync(HttpStatusCode.BadRequest, "POST", "refused/messages", padded);

        Assert.Equal(0, app.Services.GetRequiredService<BodyBudget>().Taken);
    }

    [Fact]
    public async Task Too_many_tokens_are_413_and_say_how_many_are_allowed()
    {
        string list = string.Join(',', Enumerable.Repeat("1", 5_000));
        string body = """{"role":"user","content":"x","additionalProperties":{"list":[LIST]}}""".Replace(
            "LIST",
            list,
            StringComparison.Ordinal
        );
        string padded = body.Replace("\"x\"", "\"" + new string('x', 20 * KiB) + "\"", StringComparison.Ordinal);

        var problem = await app.RefuseAsync(HttpStatusCode.RequestEntityTooLarge, "payload-too-large", "POST", "tokens/messages", padded);

        Assert.Equal((4_000L, "JSON tokens"), (problem.GetProperty("limit").GetInt64(), problem.GetProperty("unit").GetString()));
    }

    [Theory]
    [InlineData(BodyBudget.SmallBytes - 1)]
    [InlineData(BodyBudget.SmallBytes)]
    [InlineData(BodyBudget.SmallBytes + 1)]
    [InlineData(4 * BodyBudget.SmallBytes)]
    public async Task A_body_is_read_the_same_on_either_side_of_the_border(int length)
    {
        const string Before = """{"role":"user","content":" """;
        string text = new('é', (length - Before.Length - 2) / 2);
        string id = FormattableString.Invariant($"border-{length}");

        await app.AskAsync(HttpStatusCode.Created, "POST", id + "/messages", $$"""{{Before}}{{text}}"}""");

        var page = await app.AskAsync(HttpStatusCode.OK, "GET", id + "/messages");
        Assert.Equal(" " + text, page.GetProperty("messages")[0].GetProperty("contents")[0].GetProperty("text").GetString());
    }

    private static Task UntilAsync(Func<bool> holds)
    {
        return Task.Run(WaitAsync).WithTimeout();

        async Task WaitAsync()
        {
            while (!holds())
            {
                await Task.Yield();
            }
        }
    }

    public sealed class TightBudget : SiloApp
    {
        public TightBudget()
        {
            With("OrleansMemory:Http:MaxRequestBytes", "950000");
            With("OrleansMemory:Http:MaxRequestTokens", "4000");
            With("OrleansMemory:Http:MaxTenantBodyBytesInFlight", "8200000");
            With("OrleansMemory:Http:MaxBodyBytesInFlight", "8200000");
            With("OrleansMemory:Conversations:MaxMessageBytes", "2000000");
        }
    }

    private sealed class SlowBody : HttpContent
    {
        private readonly byte[] _half;
        private readonly byte[] _rest;

        public SlowBody(string half, string rest)
        {
            (_half, _rest) = (Encoding.UTF8.GetBytes(half), Encoding.UTF8.GetBytes(rest));
            Headers.ContentType = new("application/json");
        }

        public TaskCompletionSource HalfSent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Rest { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_half);
            await stream.FlushAsync();
            HalfSent.SetResult();
            await Rest.Task;
            await stream.WriteAsync(_rest);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
