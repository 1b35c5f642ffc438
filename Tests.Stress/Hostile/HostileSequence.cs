using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>One sequence of requests, one after the other on one connection.</summary>
/// <param name="check">Looks at the answers.</param>
/// <param name="port">The silo's port.</param>
/// <param name="key">The API key.</param>
internal sealed class HostileSequence(int seed, ImmutableArray<Operation> operations, AnswerCheck check, int port, string key)
{
    private const int MostIds = 20;

    /// <summary>How often each status was answered; 0 for no answer.</summary>
    public ConcurrentDictionary<int, int> Statuses { get; } = new();

    /// <summary>What is wrong.</summary>
    public ConcurrentQueue<Violation> Violations { get; } = new();

    /// <summary>Sends so many requests.</summary>
    public async Task RunAsync(int requests)
    {
        var maker = new RequestMaker(seed, operations, key);
        using var connection = new RawConnection(port);
        for (int place = 0; place < requests; place++)
        {
            HostileRequest request = maker.Make(place);
            try
            {
                Answer? answer = await connection.AskAsync(request);
                Statuses.AddOrUpdate(answer?.Status ?? 0, 1, static (_, count) => count + 1);
                if (answer is not null)
                {
                    Look(request, answer, place);
                    Learn(maker, request, answer);
                }
                else if (!request.IsOddHttp && !request.IsAbandoned)
                {
                    Add(request, place, "no answer", "");
                }
            }
            catch (TimeoutException failure)
            {
                Add(request, place, failure.Message, "");
            }
        }
    }

    private void Look(HostileRequest request, Answer answer, int place)
    {
        foreach (string fault in check.Check(request, answer))
        {
            Add(
                request,
                place,
                fault,
                FormattableString.Invariant(
                    $"{answer.Status} {Encoding.Latin1.GetString(answer.Body.AsSpan(0, Math.Min(answer.Body.Length, 500)))}"
                )
            );
        }
    }

    private void Add(HostileRequest request, int place, string fault, string answer) =>
        Violations.Enqueue(new Violation(seed, place, fault, request.ToString(), answer));

    // Ids of memories cannot be chosen.
    private static void Learn(RequestMaker maker, HostileRequest request, Answer answer)
    {
        if (request.Operation.Id != "recordMemories" || answer.Status != 201 || answer.Body.Length == 0)
        {
            return;
        }

        maker.MemoryIds.AddRange(
            JsonElement.Parse(answer.Body).GetProperty("memoryIds").EnumerateArray().Select(id => id.GetString()!).Take(2)
        );
        maker.MemoryIds.RemoveRange(0, Math.Max(0, maker.MemoryIds.Count - MostIds));
    }
}
