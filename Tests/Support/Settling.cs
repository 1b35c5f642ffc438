namespace OrleansMemory.Tests.Support;

/// <summary>Waiting for tasks that may fail.</summary>
internal static class Settling
{
    /// <summary>Waits until all have ended, well or not.</summary>
    public static async Task SettleAsync(this IEnumerable<Task> tasks) =>
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
