using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>Keeps the results of tools until the turn of their run is committed.</summary>
public static class ToolJournalExtensions
{
    /// <summary>
    /// Makes a tool that is not called again when a run is sent again: for tools that must not do the same thing twice, such as a payment.
    /// Its result is written to the conversation before the model is given it; where the run then fails, or its process dies, and the run
    /// is sent again under its turn id (<see cref="ConversationChatClient.TurnIdProperty"/>), the same call gets the written result. The
    /// run's turn removes it.
    /// </summary>
    /// <remarks>
    /// <para>The same call is the tool's name, its arguments as JSON (whatever the order of names) and how many calls of that kind the run
    /// made before it, because a model gives its calls new ids when it is asked again. A run that asks for other arguments the second time
    /// calls the tool.</para>
    /// <para>
    /// Where the function loop is outside, around <see cref="ConversationChatClient"/>, <see cref="WithToolJournal"/> keeps the journal.
    /// </para>
    /// <para>What is not promised: a tool that finished, but whose result was not written yet when its process died, is called again; so is
    /// one whose result cannot be written as JSON, is larger than an entry may be, or could not be stored within the client's retries (that
    /// is logged, and the run goes on). A call that throws has no result. Of two runs at once under one turn id, in one process one calls
    /// the tool and both get its result; in two processes both may call it, and both are given the result that was written first. Results
    /// are kept for a day.</para>
    /// <para>Outside of a run, and in a run or loop without a turn id, the tool is called as if it had no journal.</para>
    /// </remarks>
    /// <param name="tool">A tool that must not run twice for one call; its result must be writable as JSON.</param>
    /// <returns>A tool of the same name and schema; the same object where it has a journal already.</returns>
    public static AIFunction WithJournal(this AIFunction tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return tool.GetService<JournalledFunction>() ?? new JournalledFunction(tool);
    }

    /// <summary>
    /// Keeps the journal of a function loop that is outside of <see cref="ConversationChatClient"/>; see
    /// <see cref="ToolJournalChatClient"/>.
    /// </summary>
    /// <param name="loop">
    /// The loop, with a <see cref="ConversationChatClient"/> inside. With a <see cref="ChatClientBuilder"/> write <c>.UseToolJournal()</c>
    /// before <c>.UseFunctionInvocation()</c>.
    /// </param>
    /// <returns>The loop with a journal.</returns>
    /// <exception cref="ArgumentException">There is no <see cref="ConversationChatClient"/> inside.</exception>
    public static ToolJournalChatClient WithToolJournal(this IChatClient loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return new ToolJournalChatClient(loop);
    }

    /// <summary>Keeps the journal of the function loop that is built inside; see <see cref="WithToolJournal"/>.</summary>
    /// <param name="builder">The builder, before <c>UseFunctionInvocation()</c>.</param>
    /// <returns>The same builder.</returns>
    public static ChatClientBuilder UseToolJournal(this ChatClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(loop => loop.WithToolJournal());
    }
}
