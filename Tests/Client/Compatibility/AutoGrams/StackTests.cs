using OrleansMemory.Client.Compatibility.AutoGrams;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public sealed class StackTests
{
    [Fact]
    public void A_fresh_memory_is_empty()
    {
        var memory = new MemoryObject();

        Assert.Empty(memory.Stack);
        Assert.Empty(memory.TurnStack);
        Assert.Equal(
            (-1, 0, null, false, 0L),
            (memory.StackPointer, memory.CallDepth, memory.CachedUserReply, memory.UnusedUserReply, memory.ConversationVersion)
        );
        Assert.Empty(memory.GlobalsSnapshot);
        Assert.Equal("null", memory.ExternalCall.GetRawText());
        Assert.Equal("null", memory.ExternalCallMemory.GetRawText());
        Assert.Equal(typeof(MemoryObject).Assembly.GetName().Version!.ToString(3), memory.Version);
        Assert.Equal((false, false, null), (memory.TestMode, memory.SupervisorMode, memory.LastNode));
        Assert.Equal("You are an agent.", memory.Config.DefaultPrompt);
    }

    [Fact]
    public void The_stack_lags_one_behind_and_a_root_call_records_no_caller()
    {
        var memory = new MemoryObject();

        Assert.False(memory.ProcessCall().IsResume);
        Assert.Empty(memory.Stack);
        memory.ProcessCall(At("root", 5));
        Assert.Equal(["root 5"], Frames(memory));
        memory.ProcessCall(At("child", 7));
        Assert.Equal(["root 5", "child 7"], Frames(memory));
        Assert.Equal((2, 3), (memory.StackPointer, memory.CallDepth));

        memory.ProcessReturn();
        Assert.Equal(["root 5", "child 7"], Frames(memory));
        memory.ProcessCall(At("child", 9));
        Assert.Equal(["root 5", "child 9"], Frames(memory));
        memory.ProcessReturn();
        memory.ProcessReturn();
        Assert.Equal(["root 5"], Frames(memory));
        memory.ProcessReturn();
        Assert.Empty(memory.Stack);
        Assert.Equal((-1, 0), (memory.StackPointer, memory.CallDepth));
        Assert.Empty(memory.TurnStack);
    }

    [Fact]
    public void A_suspended_program_resumes_frame_by_frame_and_only_the_innermost_line_is_not_repeated()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        memory.ProcessCall(At("root", 5), ConversationScope.Local);
        memory.ProcessFunctionExit("child", 8, new Dictionary<string, object?> { ["name"] = "Ann" }, "ask");
        memory.ProcessFunctionExit("root", 6);
        Assert.Equal((-1, 2), (memory.StackPointer, memory.CallDepth));
        Assert.Equal(["root 6", "child 8"], Frames(memory));

        ProgramCall root = memory.ProcessCall();
        ProgramCall child = memory.ProcessCall();

        Assert.Equal((6, true), (root.Frame!.LineNumber, root.IncludeLine));
        Assert.Equal(
            (8, false, "Ann", "ask"),
            (child.Frame!.LineNumber, child.IncludeLine, child.Frame.Local<string>("name"), child.Frame.Address)
        );
        Assert.Equal(2, memory.CallDepth);
        Assert.Equal([ConversationScope.Global, ConversationScope.Local], memory.TurnStack.Select(frame => frame.Scope));
    }

    [Fact]
    public void While_an_external_memory_is_noted_every_line_is_repeated()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        memory.ProcessFunctionExit("root", 6);
        memory.SetExternalCall("run.py", new Dictionary<string, object?> { ["memory_file"] = "m", ["memory_key"] = 1 });

        Assert.True(memory.ProcessCall().IncludeLine);
        memory.ProcessFunctionExit("root", 6);
        memory.SetExternalCall(null, null);
        Assert.False(memory.ProcessCall().IncludeLine);
    }

    [Fact]
    public void What_needs_a_running_function_is_refused_without_one()
    {
        var memory = new MemoryObject();

        Assert.Throws<InvalidOperationException>(memory.ProcessReturn);
        Assert.Throws<InvalidOperationException>(() => memory.ProcessFunctionExit("f", 1));
        Assert.Throws<InvalidOperationException>(() => memory.LogChatTurn("x"));
        Assert.Throws<InvalidOperationException>(() => memory.LogThoughtTurn("x", "y"));
        Assert.Throws<InvalidOperationException>(() => memory.SetSystemPrompt("x"));
        Assert.Throws<InvalidOperationException>(() => memory.SystemPrompt);
        memory.ProcessCall();
        Assert.Throws<ArgumentNullException>(() => memory.ProcessCall());
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.ProcessCall(At("f", 1), (ConversationScope)9));
        Assert.Equal((0, 1), (memory.StackPointer, memory.CallDepth));
    }

    [Fact]
    public void A_resumed_function_is_found_by_its_address_else_by_its_line_else_the_restart_fails()
    {
        var labelled = new ProgramCall(
            new StackFrame
            {
                LineNumber = 8,
                FunctionName = "child",
                Address = "ask",
            },
            false
        );
        var plain = new ProgramCall(new StackFrame { LineNumber = 8, FunctionName = "child" }, false);
        var addresses = new Dictionary<string, int> { ["ask"] = 20 };

        Assert.Equal(20, labelled.ResumeLine(addresses, new HashSet<int> { 20 }));
        Assert.Equal(8, plain.ResumeLine(addresses));
        Assert.Equal(8, labelled.ResumeLine(new Dictionary<string, int>()));
        Assert.Null(new ProgramCall(null, false).ResumeLine(addresses));
        var failure = Assert.Throws<RestartFailedException>(() => plain.ResumeLine(addresses, new HashSet<int> { 20 }));
        Assert.StartsWith("Restart Failed for @autogram_function() `child`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_external_call_is_normal_and_ends_on_return_and_on_exception()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        memory.SetSystemPrompt("own");
        using (memory.BeginExternalCall())
        {
            Assert.Equal(new TurnStackFrame(ConversationScope.Normal, "own"), memory.TurnStack[^1]);
            Assert.True(memory.IsInExternalCall);
        }

        Assert.Throws<TimeoutException>(
            (Action)(
                () =>
                {
                    using (memory.BeginExternalCall())
                    {
                        memory.ProcessCall(At("outside", 1));
                        throw new TimeoutException();
                    }
                }
            )
        );
        Assert.Single(memory.TurnStack);
        Assert.False(memory.IsInExternalCall);
    }

    [Fact]
    public async Task Replies_jumps_and_saving_are_refused_inside_an_external_call()
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        using (memory.BeginExternalCall())
        {
            Assert.Contains(
                "Replies are invalid",
                Assert.Throws<InvalidOperationException>(() => memory.ProcessFunctionExit("f", 1)).Message,
                StringComparison.Ordinal
            );
            Assert.Contains("RETURNTO", Assert.Throws<InvalidOperationException>(memory.ProcessReturn).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<InvalidOperationException>(() => memory.SerializeAsync());
            memory.ProcessCall(At("f", 1));
            Assert.Throws<InvalidOperationException>(() => memory.ProcessFunctionExit("inner", 1));
            memory.ProcessReturn();
        }

        memory.ProcessFunctionExit("f", 1);
        Assert.Equal(["f 1"], Frames(memory));
    }

    private static StackFrame At(string function, int line) => new() { FunctionName = function, LineNumber = line };

    private static IEnumerable<string> Frames(MemoryObject memory) =>
        memory.Stack.Select(frame => $"{frame.FunctionName} {frame.LineNumber}");
}
