using System.Text.Json;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>An answer, or what there is in its place.</summary>
/// <param name="Silo">Which silo was asked.</param>
/// <param name="Status">The status; 0 where there was no answer in time.</param>
/// <param name="Sent">When it was sent; when it was first sent, where it was sent several times.</param>
/// <param name="Attempts">How often it was sent.</param>
internal sealed record Answer(int Silo, int Status, JsonElement Body, DateTimeOffset Sent, DateTimeOffset Ended, int Attempts = 1);

/// <summary>Asks silos as a client does that knows all of them.</summary>
/// <param name="history">Is told what is not as documented.</param>
/// <param name="deadline">Ends the insisting: something hangs then.</param>
internal sealed class Caller(IReadOnlyList<CampaignSilo> silos, History history, CancellationToken deadline)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>How many silos there are.</summary>
    public int Silos => silos.Count;

    /// <summary>The client of a silo, for streams.</summary>
    public HttpClient Http(int silo) => silos[silo].Http;

    /// <summary>Asks once.</summary>
    public async Task<Answer> AskAsync(int silo, string method, string path, string? json = null, string? key = null)
    {
        DateTimeOffset sent = History.Now;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        patience.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path)
            {
                Content = json is null ? null : SiloRequests.Json(json),
            };
            if (key is not null)
            {
                request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            }

            using HttpResponseMessage response = await silos[silo].Http.SendAsync(request, patience.Token);
            string body = await response.Content.ReadAsStringAsync(patience.Token);
            var answer = new Answer(
                silo,
                (int)response.StatusCode,
                body.Length == 0 ? default : JsonDocument.Parse(body).RootElement,
                sent,
                History.Now
            );
            if (answer.Status is >= 500 and not 503)
            {
                history.Accuse(
                    Checks.Answers,
                    FormattableString.Invariant(
                        $"{method} {path} at silo {silo} from {Checks.Clock(sent)} to {Checks.Clock(answer.Ended)} answered {answer.Status}: {body}"
                    )
                );
            }

            return answer;
        }
        catch (Exception failure)
            when (failure
                    is HttpRequestException
                        or IOException
                        or OperationCanceledException
                        or System.Net.Sockets.SocketException
                        or JsonException
            )
        {
            return new Answer(silo, 0, default, sent, History.Now);
        }
    }

    /// <summary>Asks one silo after the other until one answers for good.</summary>
    /// <exception cref="OperationCanceledException">None did.</exception>
    public async Task<Answer> InsistAsync(Random random, string method, string path, string? json = null, string? key = null)
    {
        DateTimeOffset? first = null;
        for (int attempt = 1; ; attempt++)
        {
            Answer answer = await AskAsync(random.Next(silos.Count), method, path, json, key);
            first ??= answer.Sent;
            if (answer.Status is not (0 or 429 or >= 500))
            {
                if (answer.Ended - first.Value > Long)
                {
                    history.Tell(
                        FormattableString.Invariant(
                            $"{method} {path} was answered by silo {answer.Silo} after {(answer.Ended - first.Value).TotalSeconds:0.0} s and {attempt} attempts"
                        )
                    );
                }

                return answer with
                {
                    Sent = first.Value,
                    Attempts = attempt,
                };
            }

            await Task.Delay(Pause, deadline);
        }
    }

    /// <summary>Says that an answer is not what it must be.</summary>
    public void Accuse(string what, Answer answer, string check = Checks.Answers) =>
        history.Accuse(
            check,
            FormattableString.Invariant(
                $"{what} at silo {answer.Silo}, first sent {Checks.Clock(answer.Sent)}, answered {answer.Status} at {Checks.Clock(answer.Ended)} after {answer.Attempts} attempts: {(answer.Body.ValueKind == JsonValueKind.Undefined ? "" : answer.Body.GetRawText())}"
            )
        );
}
