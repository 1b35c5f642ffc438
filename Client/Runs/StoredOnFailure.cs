namespace OrleansMemory.Client.Runs;

/// <summary>
/// What is stored of a run that failed, was cancelled or was abandoned after the model had been called: at any point, also behind the last
/// update, while the turn was committed, and of a run that does not stream.
/// </summary>
/// <remarks>
/// Staged changes are never stored then, and what is stored goes under a turn id of its own (the run's, with <c>#partial</c>, and a number
/// where it failed before): repeating the run runs it anew, shows the model what was stored, and stores its input once more, unless that is
/// known by its ids. Calls of tools that have no result are left out. Of a run that lost against another one (another run under its turn
/// id, or, with <see cref="ConversationChatClientOptions.RequireUnchangedLog"/>, a change of the log) nothing is stored, and nothing more
/// of one whose turn proves to have been committed although its caller gave up.
/// </remarks>
public enum StoredOnFailure
{
    /// <summary>Nothing: the run has not happened.</summary>
    Nothing = 0,

    /// <summary>The input.</summary>
    Input = 1,

    /// <summary>The input, and what had come of the response.</summary>
    InputAndPartialResponse = 2,
}
