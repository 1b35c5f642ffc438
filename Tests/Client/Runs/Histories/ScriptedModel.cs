using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Client.Runs.Histories;

/// <summary>Strict models that do as a random source says, and the tools they call.</summary>
internal static class ScriptedModel
{
    private static int _calls;

    /// <summary>Tools: one that runs at once, one that needs approval.</summary>
    public static ChatOptions Options(string? conversationId = null) => new() { ConversationId = conversationId, Tools = [Look, Write] };

    private static AIFunction Look { get; } = AIFunctionFactory.Create((string id) => "seen " + id, "look");

    private static AIFunction Write { get; } =
        new ApprovalRequiredAIFunction(AIFunctionFactory.Create((string id) => "written " + id, "write"));

    /// <summary>A model that answers with a text alone.</summary>
    public static StrictChatClient Talker() => new(_ => StrictAnswer.Text("fine"));

    /// <summary>A model that calls a tool once and then answers.</summary>
    /// <param name="random">Says how many calls it makes and which ids its answers carry.</param>
    public static StrictChatClient Caller(Random random, string tool = "look")
    {
        int parallel = random.Next(1, 4);
        StrictIds ids = (StrictIds)random.Next(3);
        bool talks = random.Next(2) == 0;
        bool drawn = random.Next(6) == 0;
        return new StrictChatClient(call =>
            (
                call.AnswersCalls
                    ? drawn
                        ? StrictAnswer.Image().Behind("see")
                        : StrictAnswer.Text("so ", "it is")
                    : Calls(tool, parallel, talks)
            ) with
            {
                Ids = ids,
            }
        );
    }

    /// <summary>An id that no other call has.</summary>
    public static string NewCallId() => FormattableString.Invariant($"call{Interlocked.Increment(ref _calls)}");

    private static StrictAnswer Calls(string tool, int parallel, bool talks)
    {
        StrictAnswer calls = StrictAnswer.Calls(tool, [.. Enumerable.Range(0, parallel).Select(_ => NewCallId())]);
        return talks ? calls.Behind("wait") : calls;
    }
}
