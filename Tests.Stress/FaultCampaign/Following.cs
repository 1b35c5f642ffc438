using System.Globalization;
using System.Text.Json;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Follows a feed as a browser does: over one connection after the other, from the last id that it had.</summary>
/// <param name="caller">By whom.</param>
/// <param name="history">Is told what came.</param>
/// <param name="reader">The reader's name.</param>
internal sealed class Following(Caller caller, History history, string conversation, string reader)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private long _last;
    private long _target = long.MaxValue;
    private string? _id;
    private bool _over;
    private int _status;

    /// <summary>Follows until everything is there or the feed has ended.</summary>
    /// <param name="random">Which silos are asked.</param>
    /// <param name="settled">Completes with the last sequence of each conversation, once nothing is written any more.</param>
    /// <param name="deadline">Ends it in any case.</param>
    public async Task RunAsync(Random random, Task<IReadOnlyDictionary<string, long>> settled, CancellationToken deadline)
    {
        history.Feeds.Enqueue(new Followed(conversation, reader, "opened", 0, "", -1, History.Now));
        while (!IsDone && !deadline.IsCancellationRequested)
        {
            using var connection = CancellationTokenSource.CreateLinkedTokenSource(deadline);
            if (settled.IsCompleted)
            {
                _target = (await settled).GetValueOrDefault(conversation, long.MaxValue);
                connection.CancelAfter(Patience);
            }
            else
            {
                // What is still missing then is asked for at another silo: a reader does not wait indefinitely for one that says nothing.
                _ = settled.ContinueWith(
                    _ => CancelSoon(connection),
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default
                );
            }

            try
            {
                await ConnectAsync(random.Next(caller.Silos), connection.Token);
            }
            catch (Exception failure)
                when (failure is HttpRequestException or IOException or OperationCanceledException or System.Net.Sockets.SocketException)
            {
                // Connects again.
            }

            await Task.Delay(30, CancellationToken.None);
        }
    }

    /// <summary>Whether everything is there, or the feed has ended.</summary>
    public bool IsDone => _over || _last >= _target;

    private static void CancelSoon(CancellationTokenSource connection)
    {
        try
        {
            connection.CancelAfter(TimeSpan.FromMilliseconds(200));
        }
        catch (ObjectDisposedException)
        {
            // It ended before.
        }
    }

    private async Task ConnectAsync(int silo, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/conversations/{conversation}/events?after=0");
        if (_id is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _id);
        }

        using HttpResponseMessage response = await caller
            .Http(silo)
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        _status = (int)response.StatusCode;
        if (_status == 404 && history.Removals.Any(removal => removal.Conversation == conversation))
        {
            Note("ended", 0, "", silo);
            return;
        }

        if (!response.IsSuccessStatusCode)
        {
            return;
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!IsDone && await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                Take(fields, silo);
                fields.Clear();
            }
            else
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                fields[line[..colon]] = line[(colon + 1)..].TrimStart(' ');
            }
        }
    }

    private void Take(Dictionary<string, string> fields, int silo)
    {
        _id = fields.GetValueOrDefault("id", _id!);
        if (!fields.TryGetValue("event", out string? name))
        {
            return;
        }

        JsonElement data = JsonDocument.Parse(fields["data"]).RootElement;
        (long sequence, string text) = name switch
        {
            "message" => Reading.Message(data),
            "truncated" => (data.GetProperty("firstSequence").GetInt64(), ""),
            _ => (0, ""),
        };
        Note(name, sequence, text, silo);
    }

    private void Note(string name, long sequence, string text, int silo)
    {
        _last = name == "message" ? sequence : _last;
        _over |= name == "ended";
        history.Feeds.Enqueue(new Followed(conversation, reader, name, sequence, text, silo, History.Now));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{reader} at {_last} of {_target}, last answered with {_status}");
}
