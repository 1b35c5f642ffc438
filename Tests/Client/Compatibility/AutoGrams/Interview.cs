using OrleansMemory.Client.Compatibility.AutoGrams;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>A program that asks two questions in a function of its own, and pauses for each answer.</summary>
internal static class Interview
{
    public static Autogram Make(MemoryObjectOptions? options = null) => new(RootAsync, options);

    private static Task<string?> RootAsync(MemoryObject memory, CancellationToken cancellationToken)
    {
        ProgramCall call = memory.ProcessCall();
        string? name = call.Frame?.Local<string>("name");
        int line = call.Frame?.LineNumber ?? 1;
        if (line <= 2)
        {
            (string? reply, string? answer) = Ask(memory, 1, "What is your name?", null);
            if (reply is not null)
            {
                return Task.FromResult<string?>(reply);
            }

            name = answer;
            line = 3;
        }

        if (line == 3)
        {
            (string? reply, string? answer) = Ask(memory, 3, $"How old are you, {name}?", name);
            if (reply is not null)
            {
                return Task.FromResult<string?>(reply);
            }

            string result = $"{name} is {answer}.";
            memory.LogChatTurn(result, 4, "root");
            memory.ProcessFunctionExit("root", 4, new Dictionary<string, object?> { ["name"] = name });
            return Task.FromResult<string?>(result);
        }

        memory.ProcessReturn();
        return Task.FromResult<string?>(null);
    }

    /// <summary>Pauses with a question, or returns the answer to the one it has paused with.</summary>
    private static (string? Reply, string? Answer) Ask(MemoryObject memory, int callerLine, string question, string? name)
    {
        var locals = new Dictionary<string, object?> { ["name"] = name };
        ProgramCall call = memory.ProcessCall(
            new StackFrame
            {
                FunctionName = "root",
                LineNumber = callerLine,
                Locals = locals,
            }
        );
        if (call.IsResume)
        {
            string? answer = memory.CachedUserReply;
            memory.ProcessReturn();
            return (null, answer);
        }

        memory.LogChatTurn(question, 10, "ask");
        memory.ProcessFunctionExit("ask", 10);
        memory.ProcessFunctionExit("root", callerLine, locals);
        return (question, null);
    }
}
