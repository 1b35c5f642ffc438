using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

public sealed class ConversationClientTests(SharedHosts hosts)
{
    [Fact]
    public void Registering_twice_registers_one_client()
    {
        using ServiceProvider services = Services(options => options.DefaultTenant = "acme")
            .AddOrleansMemoryClient()
            .BuildServiceProvider();

        Assert.Single(services.GetServices<ConversationClient>());
        Assert.Equal(ConversationKey.Create("acme", "c"), services.GetRequiredService<ConversationClient>().Get("c").Key);
    }

    [Fact]
    public void Without_grains_the_start_fails_and_names_the_missing_call()
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().AddOrleansMemoryClient().BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("UseOrleans(...)", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<Action<ConversationClientOptions>, string> BadOptions() =>
        new()
        {
            { options => options.DefaultTenant = "a/b", nameof(ConversationClientOptions.DefaultTenant) },
            { options => options.DefaultTenant = "", nameof(ConversationClientOptions.DefaultTenant) },
            { options => options.MaxRetries = -1, nameof(ConversationClientOptions.MaxRetries) },
            { options => options.MaxRetries = 101, nameof(ConversationClientOptions.MaxRetries) },
            { options => options.RetryDelay = TimeSpan.Zero, nameof(ConversationClientOptions.RetryDelay) },
            { options => options.RetryDelay = TimeSpan.FromSeconds(10), nameof(ConversationClientOptions.MaxRetryDelay) },
            { options => options.MaxRetryDelay = TimeSpan.FromHours(1), nameof(ConversationClientOptions.MaxRetryDelay) },
            { options => options.MaxRetryTime = TimeSpan.FromDays(2), nameof(ConversationClientOptions.MaxRetryTime) },
        };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_out_of_range_is_refused_by_name(Action<ConversationClientOptions> configure, string name)
    {
        using ServiceProvider services = Services(configure).BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<ConversationClient>());

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_illegal_key_is_refused_before_any_call()
    {
        GrainScript grain = GrainScript.Make();

        Assert.Throws<InvalidRequestException>(() => grain.Client().Get("a/b"));
        Assert.Throws<InvalidRequestException>(() => grain.Client().Get("", "c"));
        Assert.Throws<ArgumentException>(() => grain.Client().Get(default(ConversationKey)));
        Assert.Empty(grain.Calls);
    }

    [Fact]
    public async Task A_handle_does_what_the_grain_can()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("all");

        Assert.Null(await conversation.GetHeadAsync());
        await conversation.AppendAsync([new ChatMessage(ChatRole.User, "one"), new ChatMessage(ChatRole.Assistant, "two")], "t1");
        Assert.True(
            (
                await conversation.AppendAsync([new ChatMessage(ChatRole.User, "one"), new ChatMessage(ChatRole.Assistant, "two")], "t1")
            ).Replayed
        );
        await conversation.SetSettingsAsync(SettingsChange.Replace(new ConversationSettings { Title = "T", UserId = "u" }));
        await conversation.SetEntryAsync(EntrySpaces.Globals, "lang", "\"en\"");
        await conversation.SetEntryAsync(EntrySpaces.Globals, "tone", "1", TimeSpan.FromHours(1));
        await conversation.DeleteEntryAsync(EntrySpaces.Globals, "lang");

        Assert.Null(await conversation.GetEntryAsync(EntrySpaces.Globals, "lang"));
        Assert.Equal("tone", Assert.Single(await conversation.GetEntriesAsync()).Key);
        ConversationPage page = await conversation.GetMessagesAsync(new MessageQuery { Limit = 1 });
        Assert.Equal((2, "two"), (page.Messages[0].Sequence, page.Messages[0].Message.Text));
        Assert.Equal(2, page.Next);

        Conversation fork = await conversation.ForkAsync("fork", 1);
        Assert.Equal(["one"], await TextsAsync(fork));
        await conversation.TruncateAsync(1);
        Assert.Equal(["two"], await TextsAsync(conversation));
        await conversation.ClearAsync();
        Head? head = await conversation.GetHeadAsync();
        Assert.Equal((0, 2, "T"), (head!.MessageCount, head.LastSequence, head.Settings.Title));
        Assert.True((await conversation.DeleteAsync()).Existed);
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetMessagesAsync());
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => TextsAsync(conversation));
    }

    private static IServiceCollection Services(Action<ConversationClientOptions> configure) =>
        new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton(GrainScript.Make().Factory())
            .AddOrleansMemoryClient(configure);

    private static async Task<List<string>> TextsAsync(Conversation conversation)
    {
        var texts = new List<string>();
        await foreach (ConversationMessage message in conversation.StreamMessagesAsync())
        {
            texts.Add(message.Message.Text);
        }

        return texts;
    }
}
