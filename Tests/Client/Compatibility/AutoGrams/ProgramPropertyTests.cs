using System.Globalization;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>
/// Random programs on <see cref="MemoryObject"/> and on the oracle, with round trips through every form at random points.
/// </summary>
public sealed class ProgramPropertyTests(SharedHosts hosts) : IAsyncLifetime
{
    private const int Programs = 20;
    private const int Steps = 80;

    private GrainHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await hosts.InMemoryAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Random_programs_do_what_the_oracle_does_through_every_round_trip()
    {
        ConversationClient client = Clients.OfNewTenant(_host);
        foreach (int seed in Generated.Seeds(Programs))
        {
            var run = new ProgramRun(new Random(seed), client.Get($"program-{seed}"));
            for (int step = 0; step < Steps; step++)
            {
                string what = await run.StepAsync();
                try
                {
                    await run.CompareAsync();
                }
                catch (Exception failure)
                {
                    throw new InvalidOperationException($"seed {seed}, step {step}, {what}: {failure.Message}", failure);
                }
            }
        }
    }
}

/// <summary>One random program.</summary>
internal sealed class ProgramRun(Random random, Conversation conversation)
{
    private static readonly string[] Texts = ["hello", "yes", "no", "a \ud800 b", "\u00e9\ud83d\ude00", "hello"];

    private readonly ProgramOracle _oracle = new();
    private MemoryObject _memory = new();
    private bool _isDurable;
    private int _line;

    public async Task<string> StepAsync()
    {
        int kind = random.Next(20);
        switch (kind)
        {
            case 0 or 1 or 2 or 3:
                return Call();
            case 4 or 5 or 6:
                Both(() => _memory.ProcessReturn(), _oracle.Return);
                return "return";
            case 7 or 8:
                return Exit();
            case 9:
                while (_oracle.Pointer >= 0 && _oracle.Pointer <= _oracle.Stack.Count)
                {
                    Exit();
                }

                return "suspend";
            case 10:
                while (_oracle.Pointer + 1 < _oracle.Stack.Count)
                {
                    Call();
                }

                return "resume";
            case 11 or 12:
                string? reply = random.Next(4) switch
                {
                    0 => null,
                    1 => string.Empty,
                    _ => Text(),
                };
                Both(() => _memory.AddUserReply(reply), () => _oracle.UserReply(reply));
                return "user reply";
            case 13 or 14:
                string chat = Text();
                Both(() => _memory.LogChatTurn(chat, 3, "f"), () => _oracle.Chat(chat));
                return "chat";
            case 15:
                string thought = Text();
                Both(() => _memory.LogThoughtTurn(thought, "think"), () => _oracle.Thought(thought, "think"));
                return "thought";
            case 16:
                string result = Text();
                _memory.LogClassifierTurn(result, new[] { "in" }, new[] { "out" }, new[] { "yes", "no" });
                _oracle.Classifier(result);
                return "classifier";
            case 17:
                string prompt = Text();
                Both(() => _memory.SetSystemPrompt(prompt), () => _oracle.Prompt(prompt));
                return "prompt";
            case 18:
                SetGlobal();
                return "global";
            default:
                return await RoundTripAsync();
        }
    }

    public Task<string> SerializeAsync(SerializationMode mode) => _memory.SerializeAsync(mode);

    public async Task CompareAsync()
    {
        Assert.Equal(
            (_oracle.Pointer, _oracle.Depth, _oracle.Cached, _oracle.Unused),
            (_memory.StackPointer, _memory.CallDepth, _memory.CachedUserReply, _memory.UnusedUserReply)
        );
        Assert.Equal(_oracle.Stack.Select(Describe), _memory.Stack.Select(Describe));
        Assert.Equal(
            _oracle.TurnStack.Select(frame => (frame.Scope, frame.SystemPrompt)),
            _memory.TurnStack.Select(frame => (frame.Scope, frame.SystemPrompt))
        );
        if (_oracle.TurnStack.Count > 0)
        {
            (List<ProgramTurn> turns, string prompt) = _oracle.View();
            ModelView view = await _memory.GetTurnsForModelAsync();
            Assert.Equal(turns, view.Turns);
            Assert.Equal(prompt, view.SystemPrompt);
        }

        Assert.Equal(_oracle.ModelTurns, (await _memory.GetModelTurnsAsync().ToListAsync()).Select(turn => (turn.EntryType, turn.Text)));
        Assert.Equal(
            _oracle.Globals,
            _memory
                .Globals.Items()
                .Select(item => KeyValuePair.Create(item.Key, ProgramJson.Natural(item.Value)))
                .OrderBy(item => item.Key, StringComparer.Ordinal)
        );
    }

    private static string Describe(ProgramOracle.Frame frame) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{frame.Line} {frame.Function} {frame.Address} {frame.Locals["n"]} {frame.Locals["s"]}"
        );

    private static string Describe(StackFrame frame) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{frame.LineNumber} {frame.FunctionName} {frame.Address} {frame.Local<int>("n")} {frame.Local<string>("s")}"
        );

    private string Text() => Texts[random.Next(Texts.Length)];

    private string Call()
    {
        ProgramOracle.Frame caller = NewFrame();
        var scope = (ConversationScope)random.Next(3);
        (ProgramOracle.Frame? frame, bool include) expected = default;
        ProgramCall? actual = null;
        Both(
            () =>
                actual = _memory.ProcessCall(
                    new StackFrame
                    {
                        LineNumber = caller.Line,
                        FunctionName = caller.Function,
                        Locals = caller.Locals,
                        Address = caller.Address,
                    },
                    scope
                ),
            () => expected = _oracle.Call(caller, scope)
        );
        Assert.Equal(expected.frame is null ? null : Describe(expected.frame), actual?.Frame is null ? null : Describe(actual.Frame));
        Assert.Equal(expected.include, actual?.IncludeLine ?? false);
        return "call";
    }

    private string Exit()
    {
        ProgramOracle.Frame frame = NewFrame();
        Both(() => _memory.ProcessFunctionExit(frame.Function, frame.Line, frame.Locals, frame.Address), () => _oracle.Exit(frame));
        return "exit";
    }

    private ProgramOracle.Frame NewFrame()
    {
        int line = ++_line;
        var locals = new Dictionary<string, object?> { ["n"] = line, ["s"] = Text() };
        return new ProgramOracle.Frame(line, $"f{random.Next(4)}", locals, random.Next(2) == 0 ? null : $"a{line}");
    }

    private void SetGlobal()
    {
        string name = $"g{random.Next(4)}";
        using (MemoryContext.Use(_memory))
        {
            if (random.Next(3) == 0)
            {
                Assert.Equal(_oracle.Globals.Remove(name), _memory.Globals.Remove(name));
            }
            else
            {
                string text = Text();
                _memory.Globals.Set(name, ProgramJson.ToElement(text, name, ProgramJson.DefaultOptions));
                _oracle.Globals[name] = text;
            }
        }
    }

    private async Task<string> RoundTripAsync()
    {
        var mode = (SerializationMode)random.Next(3);
        switch (random.Next(5))
        {
            case 0:
                _memory = MemoryObject.Deserialize(await _memory.SerializeAsync(mode), mode);
                _isDurable = false;
                return $"through {mode}";
            case 1:
                await StoreAsync();
                return "stored, goes on";
            default:
                await StoreAsync();
                if (random.Next(3) == 0)
                {
                    // Others write to the same conversation: that is no turn of the program.
                    await conversation.AppendAsync(
                        new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.User, "from elsewhere")
                    );
                }

                _memory = await MemoryObject.OpenAsync(conversation);
                return "stored, opened";
        }
    }

    private async Task StoreAsync()
    {
        if (_isDurable)
        {
            await _memory.CommitAsync();
        }
        else
        {
            await _memory.ReplaceAsync(conversation);
            _isDurable = true;
        }
    }

    /// <summary>Does the same to both; where the oracle refuses, the memory must refuse and change nothing.</summary>
    private static void Both(Action actual, Action expected)
    {
        Exception? wanted = Record.Exception(expected);
        Exception? got = Record.Exception(actual);
        Assert.Equal(wanted is null, got is null);
        Assert.Equal(wanted?.GetType(), got?.GetType());
    }
}
