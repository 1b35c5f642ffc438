using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class HealthAndErrorTests
{
    private const string Message = """{"role":"user","content":"x"}""";

    [Fact]
    public async Task A_silo_whose_store_answers_is_ready()
    {
        await using var app = new SiloApp();

        Assert.Equal("""{"status":"live"}""", (await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live")).GetRawText());
        Assert.Equal("""{"status":"ready"}""", (await app.AskAsync(HttpStatusCode.OK, "GET", "/health/ready")).GetRawText());
    }

    [Fact]
    public async Task A_silo_that_has_not_gone_the_ways_of_requests_yet_is_not_ready()
    {
        await using SiloApp app = new SiloApp().With(services =>
        {
            // It is there, and no one starts it.
            ServiceDescriptor starts = services.Last(service =>
                service.ServiceType == typeof(IHostedService)
                && service.ImplementationFactory is { } make
                && make.Method.ReturnType == typeof(WarmUp)
            );
            services.Remove(starts);
        });
        await app.RefuseAsync(HttpStatusCode.ServiceUnavailable, "unavailable", "GET", "/health/ready");
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live");
    }

    [Fact]
    public async Task A_start_leaves_no_conversation_behind()
    {
        await using var app = new SiloApp();
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/ready");
        JsonElement list = await app.AskAsync(HttpStatusCode.OK, "GET", "/v1/conversations");
        Assert.Equal(0, list.GetProperty("conversations").GetArrayLength());
    }

    [Fact]
    public async Task A_silo_whose_store_is_down_is_live_and_not_ready()
    {
        await using SiloApp app = new SiloApp().With(services =>
            services.AddSingleton<IStoreProbe>(new Probe(_ => Task.FromException(new MemoryUnavailableException(TimeSpan.FromSeconds(3)))))
        );

        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live");
        using HttpResponseMessage response = await app.SendAsync("GET", "/health/ready");
        await SiloApp.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_in_time_is_not_ready()
    {
        await using SiloApp app = new SiloApp()
            .With("OrleansMemory:Http:ReadyTimeout", "00:00:00.050")
            .With(services => services.AddSingleton<IStoreProbe>(new Probe(token => Task.Delay(Timeout.Infinite, token))));

        await app.RefuseAsync(HttpStatusCode.ServiceUnavailable, "unavailable", "GET", "/health/ready");
    }

    public static TheoryData<Exception, HttpStatusCode, string, long> Pauses() =>
        new()
        {
            { new MemoryOverloadedException(TimeSpan.FromMilliseconds(50)), HttpStatusCode.TooManyRequests, "overloaded", 1 },
            { new MemoryOverloadedException(TimeSpan.FromSeconds(2.1)), HttpStatusCode.TooManyRequests, "overloaded", 3 },
            { new MemoryUnavailableException(TimeSpan.FromSeconds(5)), HttpStatusCode.ServiceUnavailable, "unavailable", 5 },
            { new TimeoutException(), HttpStatusCode.ServiceUnavailable, "unavailable", 1 },
        };

    [Theory]
    [MemberData(nameof(Pauses))]
    public async Task A_transient_failure_is_told_at_once_with_the_pause_to_make(
        Exception failure,
        HttpStatusCode status,
        string code,
        long seconds
    )
    {
        GrainScript grain = GrainScript.Make().Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), failure);
        await using SiloApp app = On(grain);
        using HttpResponseMessage response = await app.SendAsync("POST", "c/messages", Message);

        JsonElement problem = await SiloApp.ProblemAsync(response, status, code);

        Assert.Equal(seconds, problem.GetProperty("retryAfterSeconds").GetInt64());
        Assert.Equal(TimeSpan.FromSeconds(seconds), response.Headers.RetryAfter!.Delta);
        AssertOneCall(grain);
    }

    [Fact]
    public async Task Every_problem_says_what_its_request_is_found_by_though_nothing_is_traced()
    {
        using var lines = new LogLines();
        await using SiloApp app = new SiloApp().WithLogs(lines);
        JsonElement missing = await app.RefuseAsync(
            HttpStatusCode.NotFound,
            "conversation-not-found",
            "GET",
            "c/messages",
            null,
            ("traceparent", "00-11111111111111111111111111111111-2222222222222222-00")
        );
        Assert.Matches("^00-11111111111111111111111111111111-[0-9a-f]{16}-00$", missing.GetProperty("traceId").GetString());
        foreach (
            (HttpStatusCode status, string code, string path) in new[]
            {
                (HttpStatusCode.BadRequest, "invalid-request", "c/messages?limit=x"),
                (HttpStatusCode.NotFound, "route-not-found", "/nothing"),
            }
        )
        {
            JsonElement problem = await app.RefuseAsync(status, code, "GET", path);
            Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", problem.GetProperty("traceId").GetString());
        }
    }

    [Fact]
    public async Task What_the_log_has_of_a_fault_of_ours_is_its_types_and_its_stack()
    {
        using var lines = new LogLines();
        GrainScript grain = GrainScript
            .Make()
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new InvalidOperationException("secret words"));
        await using SiloApp app = On(grain).WithLogs(lines);
        JsonElement problem = await app.RefuseAsync(HttpStatusCode.InternalServerError, "internal-error", "POST", "c/messages", Message);
        string line = Assert.Single(
            lines.Lines,
            line => line.Contains(problem.GetProperty("traceId").GetString()!, StringComparison.Ordinal)
        );
        Assert.Contains(nameof(InvalidOperationException), line, StringComparison.Ordinal);
        Assert.Contains("   at ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(lines.Lines, line => line.Contains("secret words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_failure_tells_nothing()
    {
        GrainScript grain = GrainScript
            .Make()
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new InvalidOperationException("secret words"));
        await using SiloApp app = On(grain);
        using HttpResponseMessage response = await app.SendAsync("POST", "c/messages", Message);

        await SiloApp.ProblemAsync(response, HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_ours_has_an_id_that_the_log_has_too()
    {
        using var lines = new LogLines();
        GrainScript grain = GrainScript
            .Make()
            .Fails<TurnReceipt>(nameof(IConversationGrain.CommitAsync), new StoreFaultException("fault_1"));
        await using SiloApp app = On(grain).WithLogs(lines);

        JsonElement problem = await app.RefuseAsync(HttpStatusCode.InternalServerError, "internal-error", "POST", "c/messages", Message);

        Assert.Equal("fault_1", problem.GetProperty("faultId").GetString());
        string traceId = problem.GetProperty("traceId").GetString()!;
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", traceId);
        Assert.Contains(
            lines.Lines,
            line => line.Contains(traceId, StringComparison.Ordinal) && line.Contains("fault_1", StringComparison.Ordinal)
        );
        AssertOneCall(grain);
    }

    private static SiloApp On(GrainScript grain) => new SiloApp().With(grain.UseIn);

    private sealed class Probe(Func<CancellationToken, Task> ping) : IStoreProbe
    {
        public Task PingAsync(CancellationToken cancellationToken = default) => ping(cancellationToken);
    }

    // The start has committed a turn to no conversation, and read its messages, before.
    private static void AssertOneCall(GrainScript grain) =>
        Assert.Equal(
            [nameof(IConversationGrain.CommitAsync), nameof(IConversationGrain.GetMessagesAsync), nameof(IConversationGrain.CommitAsync)],
            grain.Calls.Select(call => call.Method)
        );
}
