using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>A tool whose results are kept in the journal of the run, or of the loop outside, that calls it.</summary>
/// <param name="inner">The tool.</param>
internal sealed class JournalledFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        (ToolLoop.Journal ?? ConversationRun.Current?.Journal) is { } journal
            ? await journal.InvokeAsync(InnerFunction, arguments, cancellationToken)
            : await InnerFunction.InvokeAsync(arguments, cancellationToken);
}
