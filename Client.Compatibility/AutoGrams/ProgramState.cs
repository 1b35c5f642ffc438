using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Where a program stands. The texts of its turns are elsewhere.</summary>
internal sealed class ProgramState
{
    public ProgramState() => ModelTurns = new TurnRanges(Chunks);

    /// <summary>The version of the form in which new memories are saved.</summary>
    public static string CurrentVersion { get; } = typeof(ProgramState).Assembly.GetName().Version!.ToString(3);

    /// <summary>The frames of suspended functions and of callers, the root function's first.</summary>
    public List<StackFrame> Stack { get; } = [];

    /// <summary>The frames of turns, the root function's first.</summary>
    public List<TurnFrame> TurnStack { get; } = [];

    /// <summary>The index of the running function; -1 when none runs.</summary>
    public int StackPointer { get; set; } = -1;

    /// <summary>How many functions have been called and have not returned, suspended ones included.</summary>
    public int CallDepth { get; set; }

    /// <summary>The user's reply that has not been answered.</summary>
    public string? CachedUserReply { get; set; }

    /// <summary>The user's reply that came before any function ran, as a sequence.</summary>
    public long? UnusedUserReply { get; set; }

    /// <summary>The module globals that go with the program.</summary>
    public IReadOnlyDictionary<string, object?> GlobalsSnapshot { get; set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>The call outside of the program that is under way.</summary>
    public JsonElement ExternalCall { get; set; } = ProgramJson.Null;

    /// <summary>Where the memory of that call is.</summary>
    public JsonElement ExternalCallMemory { get; set; } = ProgramJson.Null;

    /// <summary>The version of the form in which it was first saved.</summary>
    public string Version { get; set; } = CurrentVersion;

    /// <summary>The sealed parts of all lists of turns.</summary>
    public ChunkTable Chunks { get; } = new();

    /// <summary>Everything that the program wrote to the log.</summary>
    public TurnRanges ModelTurns { get; set; }

    /// <summary>All lists of turns.</summary>
    public IEnumerable<TurnRanges> Lists => TurnStack.Select(frame => frame.Turns).Append(ModelTurns);

    /// <summary>Refuses a state that no program can be in: it could never run again.</summary>
    /// <param name="pathOf">Where a part stands in what was read.</param>
    /// <exception cref="InvalidRequestException">Stack, pointer, depth and turn stack do not fit together.</exception>
    public void RequirePossible(Func<string, string> pathOf)
    {
        Require(
            CallDepth >= 0,
            MemoryParts.CallDepth,
            $"call_depth counts the functions that have been called and have not returned: it is 0 or more, and not {CallDepth}."
        );
        Require(
            TurnStack.Count == CallDepth,
            MemoryParts.TurnStack,
            $"turn_stack has one frame for each function that has been called and has not returned: call_depth is {CallDepth}, and it has {TurnStack.Count}."
        );
        Require(
            StackPointer >= -1 && StackPointer < CallDepth,
            MemoryParts.StackPointer,
            $"stack_pointer is the index of the running function, or -1 when none runs: it is -1 or more and less than call_depth, which is {CallDepth}, and not {StackPointer}."
        );

        // The stack lags behind: the frame of a running function is written when it calls another one, or is left.
        bool lags = Stack.Count == CallDepth - 1 && StackPointer == CallDepth - 1;
        Require(
            Stack.Count == CallDepth || lags,
            MemoryParts.Stack,
            $"stack has one frame for each function that has been called and has not returned, except for the running one: call_depth is {CallDepth}, and it has {Stack.Count}."
        );

        void Require(bool holds, string part, string message)
        {
            if (!holds)
            {
                throw new InvalidRequestException(pathOf(part), message);
            }
        }
    }

    /// <summary>Makes the state that of the same program at another place of a log.</summary>
    /// <param name="offset">How far the sequences move.</param>
    public void Move(long offset)
    {
        Chunks.Move(offset);
        UnusedUserReply += offset;
        foreach (TurnRanges list in Lists)
        {
            list.Move(offset);
        }
    }
}
