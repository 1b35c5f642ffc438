using OrleansMemory.Client.Compatibility.AutoGrams.Log;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

public sealed partial class MemoryObject
{
    /// <summary>
    /// Whether code outside of the program runs within it, see <see cref="BeginExternalCall"/>. Replies and jumps are invalid then.
    /// </summary>
    public bool IsInExternalCall => _state.TurnStack.Exists(frame => frame.IsExternal);

    /// <summary>Notes that a function is called, or that it is entered again after a pause.</summary>
    /// <param name="caller">
    /// Where the calling function stands, with its locals. The root function has no caller, and a function that resumes needs none.
    /// </param>
    /// <param name="scope">The function's scope. One that resumes keeps the scope it was called with.</param>
    /// <returns>Where the function resumes; without a frame it starts anew.</returns>
    /// <exception cref="ArgumentNullException">A function calls another one anew, and <paramref name="caller"/> is missing.</exception>
    /// <exception cref="InvalidOperationException">Stack and call depth do not fit together.</exception>
    public ProgramCall ProcessCall(StackFrame? caller = null, ConversationScope scope = ConversationScope.Global)
    {
        if (!Enum.IsDefined(scope))
        {
            throw new ArgumentOutOfRangeException(nameof(scope), "A scope is Global, Normal or Local.");
        }

        using UseGuard.Use use = Guard.Enter();
        int pointer = _state.StackPointer + 1;
        StackFrame? resumed = pointer < _state.Stack.Count ? _state.Stack[pointer] : null;
        if (resumed is null)
        {
            CallAnew(pointer, caller, scope);
        }

        _state.StackPointer = pointer;
        if (_state.UnusedUserReply is { } unused)
        {
            Top().Turns.Add(unused);
            _state.UnusedUserReply = null;
        }

        bool isInner = resumed is not null && pointer < _state.Stack.Count - 1;
        return new ProgramCall(resumed, isInner || _state.ExternalCallMemory.ValueKind != System.Text.Json.JsonValueKind.Null);
    }

    /// <summary>Notes that the running function returns. Its turns become its caller's, or are forgotten, as its scope has it.</summary>
    /// <exception cref="InvalidOperationException">
    /// No function is running, the running code is outside of the program, or stack and call depth do not fit together.
    /// </exception>
    public void ProcessReturn()
    {
        using UseGuard.Use use = Guard.Enter();
        TurnFrame frame = Top();
        if (_state.StackPointer < 0)
        {
            throw NotRunning();
        }

        if (frame.IsExternal)
        {
            throw new InvalidOperationException("Invalid RETURNTO inside @autograms_external. This is disallowed.");
        }

        int depth = _state.CallDepth;
        if (depth != _state.Stack.Count && depth - 1 != _state.Stack.Count)
        {
            throw OutOfSync("return");
        }

        if (depth == _state.Stack.Count && depth > 0)
        {
            _state.Stack.RemoveAt(depth - 1);
        }

        _state.StackPointer--;
        _state.CallDepth--;
        _state.TurnStack.RemoveAt(_state.TurnStack.Count - 1);
        if (frame.Scope == ConversationScope.Global && _state.TurnStack is [.., { } parent])
        {
            parent.Turns.Append(frame.Turns);
        }
    }

    /// <summary>
    /// Notes that a function is left because the program pauses, for a reply or for one of a function that it called. It is called for
    /// every running function, the innermost first; afterwards the memory holds all that is needed to go on.
    /// </summary>
    /// <param name="functionName">The function.</param>
    /// <param name="lineNumber">The line at which it is left.</param>
    /// <param name="locals">Its local variables, see <see cref="StackFrame"/>; <see langword="null"/> for none.</param>
    /// <param name="address">The label of that line; <see langword="null"/> when it has none.</param>
    /// <exception cref="InvalidOperationException">
    /// No function is running, the running code is outside of the program, or the stack does not fit.
    /// </exception>
    public void ProcessFunctionExit(
        string functionName,
        int lineNumber,
        IReadOnlyDictionary<string, object?>? locals = null,
        string? address = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(functionName);
        using UseGuard.Use use = Guard.Enter();
        if (_state.StackPointer < 0)
        {
            throw NotRunning();
        }

        if (IsInExternalCall)
        {
            throw new InvalidOperationException("Replies are invalid inside @autograms_external");
        }

        if (_state.StackPointer > _state.Stack.Count)
        {
            throw OutOfSync("exit");
        }

        SetFrame(
            _state.StackPointer,
            new StackFrame
            {
                FunctionName = functionName,
                LineNumber = lineNumber,
                Locals = Copy(locals),
                Address = address,
                Options = JsonOptions,
            }
        );
        _state.StackPointer--;
    }

    /// <summary>Starts a call of code outside of the program: what it says is seen by no one after it.</summary>
    /// <returns>The end of the call: dispose it when the code returns or throws.</returns>
    public IDisposable BeginExternalCall()
    {
        using UseGuard.Use use = Guard.Enter();
        int index = _state.TurnStack.Count;
        _state.TurnStack.Add(NewFrame(ConversationScope.Normal, isExternal: true));
        return new Ending(() => EndExternalCall(index));
    }

    private void CallAnew(int pointer, StackFrame? caller, ConversationScope scope)
    {
        if (pointer > 0)
        {
            ArgumentNullException.ThrowIfNull(caller);
            if (pointer - 1 > _state.Stack.Count)
            {
                throw OutOfSync("call");
            }

            SetFrame(pointer - 1, caller with { Locals = Copy(caller.Locals), Address = null, Options = JsonOptions });
        }

        _state.CallDepth++;
        _state.TurnStack.Add(NewFrame(scope, isExternal: false));
    }

    private void SetFrame(int index, StackFrame frame)
    {
        if (index == _state.Stack.Count)
        {
            _state.Stack.Add(frame);
        }
        else
        {
            _state.Stack[index] = frame;
        }
    }

    private TurnFrame NewFrame(ConversationScope scope, bool isExternal) =>
        new(scope, _state.TurnStack is [.., { } parent] ? parent.SystemPrompt : Config.DefaultPrompt, new TurnRanges(_state.Chunks))
        {
            IsExternal = isExternal,
        };

    private void EndExternalCall(int index)
    {
        using UseGuard.Use use = Guard.Enter();

        // What the code called and did not end, because it threw, goes with it.
        if (_state.TurnStack.Count > index)
        {
            _state.TurnStack.RemoveRange(index, _state.TurnStack.Count - index);
        }
    }

    private static Dictionary<string, object?> Copy(IReadOnlyDictionary<string, object?>? values) =>
        values is null ? new(StringComparer.Ordinal) : new(values, StringComparer.Ordinal);

    private static InvalidOperationException OutOfSync(string at) =>
        new($"Autograms system error, stack length and call depth out of sync during {at}. This could be a bug.");

    /// <summary>Does something once, when it is disposed.</summary>
    private sealed class Ending(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
