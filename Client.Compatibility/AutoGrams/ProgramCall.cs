namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>How a called function starts: anew, or where it was left.</summary>
/// <param name="Frame">Where the function resumes, with its locals; <see langword="null"/> when it starts anew.</param>
/// <param name="IncludeLine">
/// Whether the line itself runs again: so it is in every function but the innermost, whose line is the reply that has been given.
/// </param>
public sealed record ProgramCall(StackFrame? Frame, bool IncludeLine)
{
    /// <summary>Whether the function resumes.</summary>
    public bool IsResume => Frame is not null;

    /// <summary>
    /// The line at which to go on in the code as it is now: that of the frame's address where the code still has it, else the frame's own.
    /// </summary>
    /// <param name="addresses">The labels of the function's code, with their lines.</param>
    /// <param name="lines">The lines at which the function can be resumed; <see langword="null"/> when any will do.</param>
    /// <returns>The line; <see langword="null"/> when the function starts anew.</returns>
    /// <exception cref="RestartFailedException">The code has changed and neither the address nor the line is there any more.</exception>
    public int? ResumeLine(IReadOnlyDictionary<string, int> addresses, IReadOnlySet<int>? lines = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (Frame is null)
        {
            return null;
        }

        if (Frame.Address is { } address && addresses.TryGetValue(address, out int labelled))
        {
            return labelled;
        }

        return lines is null || lines.Contains(Frame.LineNumber) ? Frame.LineNumber : throw new RestartFailedException(Frame.FunctionName);
    }
}
