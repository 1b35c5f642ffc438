using System.Diagnostics;
using Microsoft.Extensions.AI;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Client.Runs;

/// <summary>A tool whose calls have an activity with its name, without arguments and results.</summary>
internal sealed class TracedFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using Activity? activity = ModelActivity.StartTool(Name);
        try
        {
            return await base.InvokeCoreAsync(arguments, cancellationToken);
        }
        catch (Exception failure)
        {
            activity.Fail(failure);
            throw;
        }
    }
}
