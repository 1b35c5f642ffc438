using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public sealed class SerializationTests
{
    private static readonly MemoryObjectOptions WithPoints = new()
    {
        SerializerOptions = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() },
    };

    public static TheoryData<SerializationMode> Modes() => [.. Enum.GetValues<SerializationMode>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Every_mode_round_trips_and_writes_the_same_again(SerializationMode mode)
    {
        MemoryObject memory = MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json);
        string text = await memory.SerializeAsync(mode);

        MemoryObject again = MemoryObject.Deserialize(text, mode);

        Assert.Equal(text, await again.SerializeAsync(mode));
        Assert.Equal("Ann", again.Stack[0].Local<string>("name"));
        Assert.Equal((-1, 1, "0.6.0"), (again.StackPointer, again.CallDepth, again.Version));
        Assert.True(again.Globals.TryGet("name", out _));
        Assert.Equal(
            "user:hello system_instruction:Think. system_answer:A greeting. agent:Hi, who are you?",
            await TurnTests.ViewAsync(again)
        );
        Assert.Equal(
            [
                (ModelTurnTypes.UserReply, ""),
                (ModelTurnTypes.UserReply, "hello"),
                (ModelTurnTypes.Classifier, null),
                (ModelTurnTypes.AgentReply, "Hi, who are you?"),
            ],
            (await again.GetModelTurnsAsync().ToListAsync()).Select(turn => (turn.EntryType, turn.Text))
        );
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_file_round_trips_and_replaces_the_one_before(SerializationMode mode)
    {
        string file = Path.Combine(Path.GetTempPath(), $"orleans-memory-{Guid.NewGuid():N}.json");
        try
        {
            await File.WriteAllTextAsync(file, "old");
            MemoryObject memory = MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json);
            await memory.SaveAsync(file, mode);
            MemoryObject again = await MemoryObject.LoadAsync(file, mode);
            Assert.Equal(await memory.SerializeAsync(mode), await again.SerializeAsync(mode));
            Assert.False(File.Exists(file + ".tmp"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Json_is_the_memory_dict_with_its_own_field_names()
    {
        MemoryObject memory = MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json);

        using JsonDocument document = JsonDocument.Parse(await memory.SerializeAsync(SerializationMode.Json));

        Assert.Equal(
            [
                "stack",
                "turn_stack",
                "stack_pointer",
                "cached_user_reply",
                "call_depth",
                "globals_snapshot",
                "external_call_memory",
                "model_turns",
                "version",
                "external_call",
                "unused_user_reply",
                "user_globals",
            ],
            document.RootElement.EnumerateObject().Select(property => property.Name)
        );
    }

    [Fact]
    public async Task Full_brings_configuration_root_function_and_modes_and_partial_does_not()
    {
        var memory = new MemoryObject(
            new MemoryObjectOptions
            {
                Config = new ProgramConfig { DefaultPrompt = "theirs", Settings = JsonElement.Parse("""{"k":[1]}""") },
                RootFunction = new RootFunction("chatbot"),
            }
        )
        {
            TestMode = true,
            SupervisorMode = true,
        };
        memory.ProcessCall();
        using IDisposable node = memory.SetNode("n");
        var ours = new MemoryObjectOptions
        {
            Config = new ProgramConfig { DefaultPrompt = "ours" },
            RootFunction = new RootFunction("other"),
        };

        MemoryObject full = MemoryObject.Deserialize(await memory.SerializeAsync(SerializationMode.Full), SerializationMode.Full, ours);
        MemoryObject partial = MemoryObject.Deserialize(await memory.SerializeAsync(), options: ours);

        Assert.Equal(
            ("theirs", "{\"k\":[1]}", "chatbot", true, true, "n"),
            (
                full.Config.DefaultPrompt,
                full.Config.Settings?.GetRawText(),
                full.RootFunction?.Name,
                full.TestMode,
                full.SupervisorMode,
                full.LastNode
            )
        );
        Assert.Equal(
            ("ours", "other", false, false, null),
            (partial.Config.DefaultPrompt, partial.RootFunction?.Name, partial.TestMode, partial.SupervisorMode, partial.LastNode)
        );
    }

    [Fact]
    public async Task A_value_that_cannot_be_serialized_is_named_by_its_path_and_nothing_is_written()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        memory.ProcessCall(Frame(new Dictionary<string, object?> { ["n"] = 1 }));
        memory.ProcessCall(Frame([]));
        memory.ProcessFunctionExit("f", 1, new Dictionary<string, object?> { ["connection"] = new MemoryStream() });
        var file = new MemoryStream();

        var failure = await Assert.ThrowsAsync<UnserializableValueException>(() => memory.SaveAsync(file));

        Assert.Equal("stack[2].locals.connection", failure.Path);
        Assert.StartsWith("stack[2].locals.connection cannot be serialized.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public async Task The_path_goes_into_lists_and_maps_and_ends_what_has_no_end()
    {
        var endless = new Dictionary<string, object?>();
        endless["self"] = endless;
        foreach (
            (object? value, string path) in new (object?, string)[]
            {
                (
                    new List<object?>
                    {
                        1,
                        new Dictionary<string, object?> { ["b"] = new Point(1, 2) },
                    },
                    "stack[0].locals.a[1].b"
                ),
                (double.NaN, "stack[0].locals.a"),
                (new Action(() => { }), "stack[0].locals.a"),
            }
        )
        {
            var memory = new MemoryObject();
            memory.ProcessCall();
            memory.ProcessFunctionExit("f", 1, new Dictionary<string, object?> { ["a"] = value });
            var failure = await Assert.ThrowsAsync<UnserializableValueException>(() => memory.SerializeAsync(SerializationMode.Full));
            Assert.StartsWith(path, failure.Path, StringComparison.Ordinal);
        }

        var unending = new MemoryObject();
        unending.ProcessCall();
        unending.ProcessFunctionExit("f", 1, new Dictionary<string, object?> { ["a"] = endless });
        Assert.Equal(
            "stack[0].locals",
            (await Assert.ThrowsAsync<JsonTooDeepException>(() => unending.SerializeAsync(SerializationMode.Full))).Parameter
        );

        var snapshot = new MemoryObject();
        snapshot.SetGlobalsSnapshot(new Dictionary<string, object?> { ["p"] = new Point(1, 2) });
        Assert.Equal("globals_snapshot.p", (await Assert.ThrowsAsync<UnserializableValueException>(() => snapshot.SerializeAsync())).Path);
        Assert.Equal(
            "model_turns.function_inputs",
            Assert.Throws<UnserializableValueException>(() => snapshot.LogModelTurn("x", "f", new Point(1, 2))).Path
        );
    }

    [Fact]
    public async Task A_registered_type_round_trips_and_no_type_is_taken_from_the_data()
    {
        var memory = new MemoryObject(WithPoints);
        memory.ProcessCall();
        memory.ProcessFunctionExit(
            "f",
            1,
            new Dictionary<string, object?>
            {
                ["p"] = new Point(3, 4),
                ["n"] = 5,
                ["text"] = "a \ud800",
                ["none"] = null,
            }
        );
        Assert.Equal(new Point(3, 4), memory.Stack[0].Local<Point>("p"));

        MemoryObject again = MemoryObject.Deserialize(await memory.SerializeAsync(), options: WithPoints);

        Assert.Equal(new Point(3, 4), again.Stack[0].Local<Point>("p"));
        Assert.Equal(
            (5, "a \ud800", null),
            (again.Stack[0].Local<int>("n"), again.Stack[0].Local<string>("text"), again.Stack[0].Local<string>("none"))
        );
        Assert.IsType<JsonElement>(again.Stack[0].Locals["p"]);
        Assert.Throws<KeyNotFoundException>(() => again.Stack[0].Local<int>("unknown"));
        Assert.Equal("locals.p", Assert.Throws<UnserializableValueException>(() => again.Stack[0].Local<int>("p")).Path);
        MemoryObject plain = MemoryObject.Deserialize(await memory.SerializeAsync());
        Assert.Throws<UnserializableValueException>(() => plain.Stack[0].Local<Point>("p"));
    }

    [Fact]
    public async Task An_unknown_mode_is_an_error_in_both_directions()
    {
        var memory = new MemoryObject();

        Assert.Equal(
            "serializationType",
            (await Assert.ThrowsAsync<InvalidRequestException>(() => memory.SerializeAsync((SerializationMode)7))).Parameter
        );
        Assert.Throws<InvalidRequestException>(() => MemoryObject.Deserialize("", (SerializationMode)7));
        Assert.Throws<InvalidRequestException>(() => SerializationModes.Parse("pickle"));
        Assert.Equal(
            [SerializationMode.Partial, SerializationMode.Full, SerializationMode.Json, SerializationMode.Partial],
            new[] { "partial", "full", "json", null }.Select(name => SerializationModes.Parse(name))
        );
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("\u00e9")]
    public void What_is_no_json_is_malformed(string text)
    {
        Assert.Throws<MalformedJsonException>(() => MemoryObject.Deserialize(text, SerializationMode.Json));
        Assert.Throws<MalformedJsonException>(() => MemoryObject.Deserialize(text));
    }

    [Theory]
    [InlineData("stack", null, "stack")]
    [InlineData("stack", "[{}]", "stack[0].line_number")]
    [InlineData("stack", "[{\"line_number\":1,\"function_name\":\"f\",\"locals\":[]}]", "stack[0].locals")]
    [InlineData("stack_pointer", "99999999999", "stack_pointer")]
    [InlineData("turn_stack", null, "turn_stack")]
    [InlineData("turn_stack", "[{\"scope\":\"wide\",\"turns\":[],\"system_prompt\":\"\"}]", "turn_stack[0].scope")]
    [InlineData("turn_stack", "[{\"scope\":\"global\",\"turns\":[{\"role\":1}],\"system_prompt\":\"\"}]", "turn_stack[0].turns[0].role")]
    [InlineData("model_turns", "[{\"reply\":\"x\"}]", "model_turns[0].entry_type")]
    [InlineData("model_turns", "[{\"entry_type\":\"agent_reply\"}]", "model_turns[0].reply")]
    [InlineData("version", null, "version")]
    [InlineData("globals_snapshot", null, "globals_snapshot")]
    [InlineData("unknown", "1", "unknown")]
    [InlineData("user_globals", "[]", "user_globals")]
    public void A_part_that_is_missing_or_wrong_is_named(string part, string? value, string parameter)
    {
        var failure = Assert.Throws<InvalidRequestException>(() =>
            MemoryObject.Deserialize(Documents.With(part, value), SerializationMode.Json)
        );

        Assert.Equal(parameter, failure.Parameter);
    }

    [Fact]
    public async Task A_memory_of_another_mode_is_refused_and_user_globals_alone_may_be_missing()
    {
        var memory = new MemoryObject();
        string partial = await memory.SerializeAsync();

        Assert.Equal(
            "serialization_type",
            Assert.Throws<InvalidRequestException>(() => MemoryObject.Deserialize(partial, SerializationMode.Full)).Parameter
        );
        Assert.Empty(MemoryObject.Deserialize(Documents.With("user_globals", null), SerializationMode.Json).Globals.Items());
    }

    private static StackFrame Frame(Dictionary<string, object?> locals) =>
        new()
        {
            FunctionName = "f",
            LineNumber = 1,
            Locals = locals,
        };

    internal sealed record Point(int X, int Y);
}
