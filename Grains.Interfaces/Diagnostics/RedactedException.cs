using System.Text;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// Stands for an exception in the logs: its types and its stack, which names methods, without its messages, which may hold keys and texts.
/// </summary>
internal sealed class RedactedException(Exception failure) : Exception(Describe(failure))
{
    private const int MostCauses = 5;

    /// <inheritdoc />
    public override string? StackTrace { get; } = failure.StackTrace;

    /// <summary>Names an exception and its causes by their types.</summary>
    /// <returns>The types, the outermost first.</returns>
    public static string Describe(Exception failure)
    {
        var text = new StringBuilder(failure.GetType().Name);
        int causes = 0;
        for (Exception? cause = failure.InnerException; cause is not null && causes < MostCauses; cause = cause.InnerException, causes++)
        {
            text.Append(" <- ").Append(cause.GetType().Name);
        }

        return text.ToString();
    }

    /// <inheritdoc />
    public override string ToString() => StackTrace is null ? Message : Message + Environment.NewLine + StackTrace;
}
