using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Client.Runs.Histories;

/// <summary>
/// One generated history: some steps, and after each of them every way of feeding a model. It ends with the first refusal.
/// </summary>
/// <param name="tenant">Where the conversation is.</param>
/// <param name="seed">The same seed makes the same history, but for what runs at the same time.</param>
internal sealed class GeneratedHistory(SiloTenant tenant, int seed)
{
    private const int MostSteps = 7;

    private readonly Random _random = new(seed);
    private readonly List<string> _steps = [];

    /// <summary>How many answers were asked.</summary>
    public int Asked { get; private set; }

    /// <summary>Makes the history.</summary>
    /// <returns>What was refused; <see langword="null"/> when nothing was.</returns>
    public async Task<HistoryRefusal?> RunAsync()
    {
        ConversationClient client = tenant.Services.GetRequiredService<ConversationClient>();
        var builder = new LogBuilder(tenant, client, FormattableString.Invariant($"history-{seed}-{Guid.NewGuid():N}"), _random);
        var feeds = new ModelFeeds(tenant, client, _random);
        int steps = _random.Next(2, MostSteps + 1);
        for (int step = 0; step < steps; step++)
        {
            string way = "none";
            try
            {
                way = builder.Choose();
                _steps.Add(way);
                await builder.StepAsync();
                foreach ((string name, Func<Conversation, Task> ask) in feeds.All())
                {
                    way = name;
                    await AskAsync(ask, builder.Conversation);
                    Asked++;
                }
            }
            catch (Exception failure)
            {
                return new HistoryRefusal(seed, way, _steps, await LogAsync(builder.Conversation), failure);
            }
        }

        return null;
    }

    private static async Task AskAsync(Func<Conversation, Task> ask, Conversation conversation)
    {
        try
        {
            await ask(conversation);
        }
        catch (WindowTooSmallException small) when (small.SystemMessages > ModelFeeds.SmallestWindow)
        {
            // System messages count first, and are never left out: no model is asked where they alone are more than the window.
        }
    }

    private static async Task<string> LogAsync(Conversation conversation)
    {
        if (await conversation.GetHeadAsync() is null)
        {
            return "none";
        }

        var log = new List<string>();
        await foreach (ConversationMessage message in conversation.StreamMessagesAsync())
        {
            log.Add(message.Sequence + " " + ProviderRules.Short(message.Message));
        }

        return string.Join(", ", log);
    }
}
