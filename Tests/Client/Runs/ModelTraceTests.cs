using System.Diagnostics;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Diagnostics;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>Calls of models and tools have activities by the conventions for generative AI, without what was said.</summary>
public sealed class ModelTraceTests(SharedHosts hosts) : IAsyncLifetime
{
    private const string Marker = "MARKER";

    private static readonly ChatOptions Options = new()
    {
        ConversationId = Marker,
        ModelId = "small",
        Tools = [AIFunctionFactory.Create((string id) => Marker + id, "look")],
    };

    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_call_of_the_model_is_an_activity_of_its_run(bool streaming)
    {
        using IChatClient model = new ScriptedChatClient()
            .Says(Marker)
            .AsBuilder()
            .Use(
                async (messages, options, inner, token) =>
                {
                    ChatResponse response = await inner.GetResponseAsync(messages, options, token);
                    response.ModelId = "small-2";
                    response.Usage = new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 };
                    return response;
                },
                null
            )
            .Build();
        using ConversationChatClient client = model.WithConversation(_client);
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        Activity run = await seen.InTraceAsync(() => RunAsync(client, streaming));

        Activity call = Assert.Single(seen.Of(run.TraceId), activity => activity.DisplayName == "chat small");
        Assert.Equal((ActivityKind.Client, run.SpanId), (call.Kind, call.ParentSpanId));
        Assert.Equal(("chat", "small"), (call.GetTagItem("gen_ai.operation.name"), call.GetTagItem("gen_ai.request.model")));
        Assert.Equal(
            ("small-2", 7L, 3L),
            (
                call.GetTagItem("gen_ai.response.model"),
                call.GetTagItem("gen_ai.usage.input_tokens"),
                call.GetTagItem("gen_ai.usage.output_tokens")
            )
        );
        SeenActivities.AssertWithout(Marker, seen.Of(run.TraceId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_model_fails_with_is_told_by_its_type(bool streaming)
    {
        using ConversationChatClient client = new ScriptedChatClient().Fails(new HttpRequestException(Marker)).WithConversation(_client);
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        Activity run = await seen.InTraceAsync(() => Assert.ThrowsAsync<HttpRequestException>(() => RunAsync(client, streaming)));

        Activity call = Assert.Single(seen.Of(run.TraceId), activity => activity.DisplayName == "chat small");
        Assert.Equal((ActivityStatusCode.Error, typeof(HttpRequestException).FullName), (call.Status, call.GetTagItem("error.type")));
        SeenActivities.AssertWithout(Marker, seen.Of(run.TraceId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_of_a_loop_inside_are_activities_within_the_run(bool streaming)
    {
        var model = new StrictChatClient(call => call.Number == 1 ? StrictAnswer.Calls("look", Marker) : StrictAnswer.Text(Marker));
        using ConversationChatClient client = model.AsBuilder().UseFunctionInvocation().Build().WithConversation(_client);
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        Activity run = await seen.InTraceAsync(() => RunAsync(client, streaming));

        Activity call = Assert.Single(seen.Of(run.TraceId), activity => activity.DisplayName == "chat small");
        Activity tool = Assert.Single(seen.Of(run.TraceId), activity => activity.DisplayName == "execute_tool look");
        Assert.Equal(call.SpanId, tool.ParentSpanId);
        Assert.Equal(("execute_tool", "look"), (tool.GetTagItem("gen_ai.operation.name"), tool.GetTagItem("gen_ai.tool.name")));
        SeenActivities.AssertWithout(Marker, seen.Of(run.TraceId));
        model.DemandUnchanged();
    }

    [Fact]
    public async Task Journalled_tools_of_a_loop_outside_are_activities()
    {
        var model = new StrictChatClient(call => call.Number == 1 ? StrictAnswer.Calls("look", Marker) : StrictAnswer.Text(Marker));
        IChatClient client = model.WithConversation(_client).AsBuilder().UseToolJournal().UseFunctionInvocation().Build();
        ChatOptions options = Options.Clone();
        options.Tools = [((AIFunction)options.Tools![0]).WithJournal()];
        options.AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "t" };
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        Activity run = await seen.InTraceAsync(() => client.GetResponseAsync(Marker, options));

        Assert.Equal(2, seen.Of(run.TraceId).Count(activity => activity.DisplayName == "chat small"));
        Assert.Single(seen.Of(run.TraceId), activity => activity.DisplayName == "execute_tool look");
        SeenActivities.AssertWithout(Marker, seen.Of(run.TraceId));
    }

    [Fact]
    public async Task Who_traces_the_model_already_gets_no_second_activity()
    {
        using IChatClient traced = new ScriptedChatClient()
            .Says("x")
            .AsBuilder()
            .UseOpenTelemetry(sourceName: MemoryActivities.SourceName)
            .Build();
        using ConversationChatClient client = traced.WithConversation(_client);
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        Activity run = await seen.InTraceAsync(() => RunAsync(client, streaming: false));
        Assert.Single(seen.Of(run.TraceId), activity => activity.DisplayName == "chat small");
    }

    private static Task<ChatResponse> RunAsync(IChatClient client, bool streaming) =>
        streaming ? client.GetStreamingResponseAsync(Marker, Options).ToChatResponseAsync() : client.GetResponseAsync(Marker, Options);
}
