using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Load;

/// <summary>Runs a load.</summary>
/// <param name="memory">The silo.</param>
internal sealed class LoadRun(MemoryHttpClient memory, LoadPlan plan)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly MessageBody _message = new() { Role = "user", Content = new string('x', plan.Bytes) };
    private readonly string _name = $"omem-load-{Guid.NewGuid():N}";
    private int _refused;

    /// <summary>Runs it.</summary>
    /// <param name="cancellationToken">Ends it early: what there is is deleted, and nothing is reported.</param>
    /// <returns>What it came to.</returns>
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        long begin = Stopwatch.GetTimestamp();
        try
        {
            List<double>[] taken = await Task.WhenAll(
                Enumerable
                    .Range(0, plan.Callers)
                    .Select(caller => Task.Run(() => CallAsync(NameOf(caller), begin, cancellationToken), cancellationToken))
            );
            return LoadReport.Of([.. taken.SelectMany(static times => times)], _refused, Stopwatch.GetElapsedTime(begin));
        }
        finally
        {
            await ClearAsync();
        }
    }

    private string NameOf(int caller) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{caller}");

    private async Task<List<double>> CallAsync(string conversation, long begin, CancellationToken cancellationToken)
    {
        var taken = new List<double>();
        while (plan.Turns is { } turns ? taken.Count < turns : Stopwatch.GetElapsedTime(begin) < plan.Time)
        {
            long sent = Stopwatch.GetTimestamp();
            try
            {
                await memory.AppendMessagesAsync(conversation, _message, cancellationToken: cancellationToken);
                taken.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
            catch (MemoryHttpException refusal)
                when ((HttpStatusCode)refusal.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(Pause, cancellationToken);
            }
        }

        return taken;
    }

    private async Task ClearAsync()
    {
        for (int caller = 0; caller < plan.Callers && !plan.Keeps; caller++)
        {
            try
            {
                await memory.DeleteConversationAsync(NameOf(caller));
            }
            catch (MemoryHttpException refusal) when ((HttpStatusCode)refusal.StatusCode is HttpStatusCode.NotFound)
            {
                // None of its turns was committed.
            }
        }
    }
}
