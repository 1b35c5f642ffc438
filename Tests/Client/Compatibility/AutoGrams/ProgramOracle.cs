using OrleansMemory.Client.Compatibility.AutoGrams;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>AutoGRAMS' memory as BEHAVIOUR A1 describes it, in plain lists: what <see cref="MemoryObject"/> is compared with.</summary>
internal sealed class ProgramOracle
{
    public sealed record Frame(int Line, string Function, IReadOnlyDictionary<string, object?> Locals, string? Address);

    public sealed record Turns(ConversationScope Scope, List<ProgramTurn> List)
    {
        public required string SystemPrompt { get; set; }
    }

    public List<Frame> Stack { get; } = [];

    public List<Turns> TurnStack { get; } = [];

    public List<(string Type, string? Text)> ModelTurns { get; } = [];

    public SortedDictionary<string, object?> Globals { get; } = new(StringComparer.Ordinal);

    public int Pointer { get; private set; } = -1;

    public int Depth { get; private set; }

    public string? Cached { get; private set; }

    public bool Unused { get; private set; }

    public (Frame? Frame, bool IncludeLine) Call(Frame? caller, ConversationScope scope)
    {
        int pointer = Pointer + 1;
        Frame? info = null;
        bool include = false;
        if (pointer < Stack.Count)
        {
            info = Stack[pointer];
            include = pointer < Stack.Count - 1;
        }
        else
        {
            if (pointer > 0)
            {
                Put(pointer - 1, caller! with { Address = null });
            }

            Depth++;
            TurnStack.Add(new Turns(scope, []) { SystemPrompt = TurnStack.Count > 0 ? TurnStack[^1].SystemPrompt : "You are an agent." });
        }

        Pointer = pointer;
        if (Unused)
        {
            TurnStack[^1].List.Add(new ProgramTurn("user", Cached));
            Unused = false;
        }

        return (info, include);
    }

    public void Return()
    {
        Require(Pointer >= 0 && TurnStack.Count > 0);
        Require(Depth == Stack.Count || Depth - 1 == Stack.Count);
        if (Depth == Stack.Count)
        {
            Stack.RemoveAt(Stack.Count - 1);
        }

        Pointer--;
        Depth--;
        Turns top = TurnStack[^1];
        TurnStack.RemoveAt(TurnStack.Count - 1);
        if (top.Scope == ConversationScope.Global && TurnStack.Count > 0)
        {
            TurnStack[^1].List.AddRange(top.List);
        }
    }

    public void Exit(Frame frame)
    {
        Require(Pointer >= 0 && Pointer <= Stack.Count);
        Put(Pointer, frame);
        Pointer--;
    }

    public void UserReply(string? reply)
    {
        ModelTurns.Add((ModelTurnTypes.UserReply, reply));
        if (string.IsNullOrEmpty(reply))
        {
            return;
        }

        if (TurnStack.Count > 0)
        {
            TurnStack[^1].List.Add(new ProgramTurn("user", reply));
        }
        else
        {
            Unused = true;
        }

        Cached = reply;
    }

    public void Chat(string reply)
    {
        Require(TurnStack.Count > 0);
        Cached = null;
        TurnStack[^1].List.Add(new ProgramTurn("agent", reply));
        ModelTurns.Add((ModelTurnTypes.AgentReply, reply));
    }

    public void Thought(string reply, string instruction)
    {
        Require(TurnStack.Count > 0);
        TurnStack[^1].List.AddRange([new ProgramTurn("system_instruction", instruction), new ProgramTurn("system_answer", reply)]);
    }

    public void Classifier(string result) => ModelTurns.Add((ModelTurnTypes.Classifier, result));

    public void Prompt(string text)
    {
        Require(TurnStack.Count > 0);
        TurnStack[^1].SystemPrompt = text;
    }

    public (List<ProgramTurn> Turns, string Prompt) View()
    {
        Require(TurnStack.Count > 0);
        var turns = new List<ProgramTurn>();
        for (int i = TurnStack.Count - 1; i >= 0; i--)
        {
            turns.InsertRange(0, TurnStack[i].List);
            if (TurnStack[i].Scope == ConversationScope.Local)
            {
                break;
            }
        }

        return (turns, TurnStack[^1].SystemPrompt);
    }

    private void Put(int index, Frame frame)
    {
        Require(index <= Stack.Count);
        if (index == Stack.Count)
        {
            Stack.Add(frame);
        }
        else
        {
            Stack[index] = frame;
        }
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("refused");
        }
    }
}
