using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OrleansMemory.Diagnostics;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>What a silo that has an address to send to would send there.</summary>
public sealed class HttpTraceTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Marker = "MARKER";

    [Fact]
    public async Task A_request_is_one_trace_down_to_the_statement_and_holds_nothing_of_what_was_asked()
    {
        var exported = new Exported();
        await using (SiloApp app = On(exported))
        {
            string turn =
                $$$"""{"turnId":"{{{Marker}}}","messages":[{"role":"user","content":"{{{Marker}}}"}],"settings":{"userId":"{{{Marker}}}"}}""";
            await app.AskAsync(
                HttpStatusCode.Created,
                "POST",
                $"{Marker}/turns",
                turn,
                ("traceparent", "00-11111111111111111111111111111111-2222222222222222-01")
            );
            await app.AskAsync(HttpStatusCode.OK, "GET", $"{Marker}/search?q={Marker}");
            await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", $"{Marker}-2/messages");
            await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live");
        }

        Activity[] trace = [.. exported.All.Where(activity => activity.TraceId.ToHexString() == "11111111111111111111111111111111")];
        Activity request = Assert.Single(
            trace,
            activity => activity.Kind == ActivityKind.Server && activity.ParentSpanId.ToHexString() == "2222222222222222"
        );
        Assert.Equal("POST /v1/conversations/{id}/turns", request.DisplayName);
        Activity step = Assert.Single(trace, activity => activity.OperationName == MemoryActivities.CommitTurn);
        Activity batch = Assert.Single(exported.All, activity => activity.SpanId == Assert.Single(step.Links).Context.SpanId);
        while (step.SpanId != request.SpanId)
        {
            step = Assert.Single(trace, activity => activity.SpanId == step.ParentSpanId);
        }

        Assert.Contains(exported.All, activity => activity.Source.Name == "Npgsql" && activity.ParentSpanId == batch.SpanId);
        Assert.DoesNotContain(exported.All, activity => activity.DisplayName.Contains("health", StringComparison.Ordinal));
        Assert.All(exported.All, activity => Assert.Null(activity.GetTagItem("db.query.text")));
        SeenActivities.AssertWithout(Marker, exported.All);
    }

    [Fact]
    public async Task Without_an_address_nothing_is_traced()
    {
        var exported = new Exported();
        await using (SiloApp app = On(exported).With("OTEL_EXPORTER_OTLP_ENDPOINT", null))
        {
            await app.AskAsync(HttpStatusCode.Created, "POST", "c/turns", """{"turnId":"t","messages":[{"role":"user","content":"x"}]}""");
            Assert.Null(app.Services.GetService<TracerProvider>());
        }

        Assert.Empty(exported.All);
    }

    [Fact]
    public async Task Traces_alone_may_be_left_out()
    {
        await using SiloApp app = On(new Exported()).With("OTEL_TRACES_EXPORTER", "none");
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live");
        Assert.Null(app.Services.GetService<TracerProvider>());
    }

    // No one listens at that address; what would be sent there is seen before.
    private SiloApp On(Exported exported) =>
        new SiloApp()
            .With("OrleansMemory:Store:Kind", "Postgres")
            .With("ConnectionStrings:Postgres", database.ConnectionString)
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
            .With(services => services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(exported)));

    private sealed class Exported : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<Activity> _ended = new();

        public IReadOnlyCollection<Activity> All => [.. _ended];

        public override void OnEnd(Activity data) => _ended.Enqueue(data);
    }
}
