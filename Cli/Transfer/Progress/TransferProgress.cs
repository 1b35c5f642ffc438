using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace OrleansMemory.Cli.Transfer.Progress;

/// <summary>
/// Shows how far a transfer has got, on the error output so that answers stay clean: a bar with rate and remaining time on a terminal, a
/// line every few seconds elsewhere, nothing where no one is to be told.
/// </summary>
/// <param name="invocation">Where it is shown.</param>
internal sealed class TransferProgress(Invocation invocation, bool isQuiet)
{
    private const double Megabyte = 1024 * 1024;

    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Does the work, and shows it.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="what">What is counted; <c>bytes</c> are shown as MB.</param>
    public async Task<T> RunAsync<T>(string what, Func<TransferMeter, Task<T>> work)
    {
        var meter = new TransferMeter();
        if (isQuiet)
        {
            return await work(meter);
        }

        return invocation.IsErrorTerminal ? await ShowBarAsync(what, meter, work) : await ShowLinesAsync(what, meter, work);
    }

    private static string Format(string what, double count) =>
        what == "bytes"
            ? (count / Megabyte).ToString("N1", CultureInfo.InvariantCulture) + " MB"
            : count.ToString("N0", CultureInfo.InvariantCulture);

    private Task<T> ShowBarAsync<T>(string what, TransferMeter meter, Func<TransferMeter, Task<T>> work) =>
        invocation
            .CreateErrorConsole()
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RateColumn(count => Format(what, count)),
                new RemainingTimeColumn()
            )
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(what);
                Task<T> working = work(meter);
                while (await Task.WhenAny(working, Task.Delay(BarInterval, CancellationToken.None)) != working)
                {
                    bar.IsIndeterminate = meter.Total == 0;
                    bar.MaxValue = Math.Max(1, meter.Total);
                    bar.Value = meter.Done;
                }

                return await working;
            });

    private async Task<T> ShowLinesAsync<T>(string what, TransferMeter meter, Func<TransferMeter, Task<T>> work)
    {
        long begin = Stopwatch.GetTimestamp();
        Task<T> working = work(meter);
        while (await Task.WhenAny(working, Task.Delay(invocation.ProgressInterval, CancellationToken.None)) != working)
        {
            await invocation.Error.WriteLineAsync(Line(what, meter, Stopwatch.GetElapsedTime(begin)));
        }

        return await working;
    }

    private static string Line(string what, TransferMeter meter, TimeSpan elapsed)
    {
        (long done, long total) = (meter.Done, meter.Total);
        double rate = done / elapsed.TotalSeconds;
        string of = total > 0 ? $" of {Format(what, total)}" : string.Empty;
        string name = what == "bytes" ? string.Empty : " " + what;
        string left = total > done && rate > 0 ? $", {Rest(TimeSpan.FromSeconds((total - done) / rate))} left" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"omem: {Format(what, done)}{of}{name}, {Format(what, rate)}/s{left}");
    }

    private static string Rest(TimeSpan rest) =>
        rest.ToString(rest.TotalHours >= 1 ? @"d\.hh\:mm\:ss" : @"mm\:ss", CultureInfo.InvariantCulture);
}
