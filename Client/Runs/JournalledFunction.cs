using System.Diagnostics;
using Microsoft.Extensions.AI;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Client.Runs;

/// <summary>A tool whose results are kept in the journal of the run, or of the loop outside, that calls it.</summary>
internal sealed class JournalledFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        // A loop inside of a run has given its tools an activity each.
        using Activity? activity = ToolLoop.Journal is null ? null : ModelActivity.StartTool(Name);
        try
        {
            return (ToolLoop.Journal ?? ConversationRun.Current?.Journal) is { } journal
                ? await journal.InvokeAsync(InnerFunction, arguments, cancellationToken)
                : await InnerFunction.InvokeAsync(arguments, cancellationToken);
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
    }
}
