using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>What the console shows of a conversation that changes while pages of it are read.</summary>
public sealed class ConsoleFeedTests(ConsoleBrowser browser)
{
    private const string Pages = "**/messages?*";

    [BrowserFact]
    public async Task A_message_that_comes_between_head_and_page_is_shown_once()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 5);
        await tab.Page.RouteAsync(
            Pages,
            async route =>
            {
                await SayAsync(tab, 1);
                await route.ContinueAsync();
            }
        );
        await tab.GoAsync("#/conversations/talk");

        await LiveAsync(tab);
        await tab.SeeAsync("6 messages");
        await tab.Page.UnrouteAsync(Pages);
        await SayAsync(tab, 1);
        await tab.SeeAsync("7 messages");
        Assert.Equal(Range(1, 7), await tab.SequencesAsync());
    }

    [BrowserFact]
    public async Task A_message_that_comes_while_the_end_is_read_is_not_lost()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 5);
        await tab.GoAsync("#/conversations/talk");
        await LiveAsync(tab);
        await tab.Page.RouteAsync(
            Pages,
            async route =>
            {
                IAPIResponse old = await route.FetchAsync();
                await SayAsync(tab, 1);
                await Task.Delay(500, TestContext.Current.CancellationToken);
                await route.FulfillAsync(new RouteFulfillOptions { Response = old });
            }
        );
        await tab.Page.Locator("body").PressAsync("End");

        await tab.CountAsync(6, tab.Page.Locator("article.message"));
        Assert.Equal(Range(1, 6), await tab.SequencesAsync());
    }

    [BrowserFact]
    public async Task The_first_message_of_an_empty_conversation_stands_alone()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync("PUT", "talk", new { userId = "ana" });
        await tab.GoAsync("#/conversations/talk");
        await tab.SeeAsync("No messages.");
        await LiveAsync(tab);

        await SayAsync(tab, 1);

        await tab.CountAsync(1, tab.Page.Locator("article.message"));
        await tab.CountAsync(0, tab.Page.GetByText("No messages."));
        await tab.SeeAsync(tab.Page.GetByText("1 message", new() { Exact = true }));
    }

    [BrowserFact]
    public async Task Home_does_not_wait_for_a_page_that_is_being_read()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 300);
        await tab.GoAsync("#/conversations/talk");
        await tab.CountAsync(60, tab.Page.Locator("article.message"));
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await tab.Page.RouteAsync(
            "**/messages?*before=241*",
            async route =>
            {
                await released.Task;
                await route.ContinueAsync();
            }
        );
        await tab.Page.RunAndWaitForRequestAsync(
            () => tab.Page.Locator(".transcript").EvaluateAsync("box => { box.scrollTop = 0; }"),
            static request => request.Url.Contains("before=241", StringComparison.Ordinal)
        );
        await tab.Page.Locator("body").PressAsync("Home");

        await tab.SeeAsync(tab.Page.Locator("article.message[data-sequence='1']"));
        Task<IResponse> late = tab.Page.WaitForResponseAsync("**/messages?*before=241*");
        released.SetResult();
        await late;
        await tab.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))");
        Assert.Equal(Range(1, 60), await tab.SequencesAsync());
    }

    [BrowserFact]
    public async Task Whoever_reads_what_is_truncated_is_shown_what_is_left()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 300);
        await tab.GoAsync("#/conversations/talk?at=20");
        await LiveAsync(tab);

        await tab.AskAsync("POST", "talk/messages/truncate", new { keepLast = 50 });

        await tab.CountAsync(50, tab.Page.Locator("article.message"));
        Assert.Equal(Range(251, 50), await tab.SequencesAsync());
        await tab.SeeAsync(tab.Page.Locator(".head").GetByText("50 messages"));
    }

    [BrowserFact]
    public async Task However_much_is_said_while_somebody_reads_above_the_document_stays_small()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 100);
        await tab.GoAsync("#/conversations/talk");
        await LiveAsync(tab);
        await tab.Page.Locator(".transcript").EvaluateAsync("box => { box.scrollTop -= 300; }");
        for (int i = 0; i < 10; i++)
        {
            await SayAsync(tab, 50);
        }

        ILocator news = tab.Page.GetByRole(AriaRole.Button, new() { Name = "500 new ↓" });
        await tab.SeeAsync(news);
        Assert.True((await tab.SequencesAsync()).Length <= 240);
        await news.ClickAsync();
        await tab.SeeAsync(tab.Page.Locator("article.message[data-sequence='600']"));
    }

    [BrowserFact]
    public async Task A_busy_conversation_does_not_ask_for_its_window_once_a_message()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 5);
        await tab.GoAsync("#/conversations/talk");
        await LiveAsync(tab);
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Model window" }).ClickAsync();
        await tab.SeeAsync("Nothing fell out.");
        for (int i = 0; i < 60; i++)
        {
            await SayAsync(tab, 1);
        }

        await tab.CountAsync(65, tab.Page.Locator("ol.window li"));
        int asked = tab.Requests.Count(static request => request.Contains("/window?", StringComparison.Ordinal));
        Assert.True(asked < 30, $"{asked}");
        Assert.Equal(Range(1, 65), await tab.SequencesAsync());
    }

    [BrowserFact]
    public async Task The_state_keeps_the_focus_when_it_changes()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await ConsoleConversationTests.TripAsync(tab);
        await tab.GoAsync("#/conversations/trip");
        await LiveAsync(tab);
        ILocator hotel = tab.Page.Locator(".panel details", new() { HasText = "hotel" }).Locator("summary");
        await hotel.FocusAsync();

        await tab.AskAsync(
            "POST",
            "trip/turns",
            new
            {
                turnId = "later",
                messages = new[] { new { role = "user", content = "More." } },
                globals = new { budget = 9_999 },
            }
        );

        await tab.SeeAsync(tab.Page.Locator(".panel summary", new() { HasText = "9999" }));
        await Assertions.Expect(hotel).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task A_turn_puts_off_the_expiry_that_is_shown()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync("PUT", "talk", new { ttl = new { seconds = 3_600, sliding = true } });
        await SayAsync(tab, 1);
        await tab.GoAsync("#/conversations/talk");
        await LiveAsync(tab);
        ILocator expiry = tab.Page.Locator(".head .countdown");
        string before = (await expiry.GetAttributeAsync("datetime"))!;

        await SayAsync(tab, 1);

        await Assertions.Expect(expiry).Not.ToHaveAttributeAsync("datetime", before);
        Assert.Equal((await tab.AskAsync("GET", "talk")).GetProperty("expiresAt").GetString(), await expiry.GetAttributeAsync("datetime"));
    }

    [BrowserFact]
    public async Task Whoever_follows_stays_at_the_end_when_an_image_is_laid_out()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 60);
        await tab.GoAsync("#/conversations/talk");
        await LiveAsync(tab);
        string image = await tab.Page.EvaluateAsync<string>(
            "() => { const canvas = document.createElement('canvas'); canvas.width = canvas.height = 300; canvas.getContext('2d').fillRect(0, 0, 300, 300); return canvas.toDataURL(); }"
        );
        await tab.AskAsync(
            "POST",
            "talk/messages",
            JsonDocument.Parse($$"""{"role": "user", "contents": [{"$type": "data", "uri": "{{image}}"}]}""").RootElement
        );
        await Assertions.Expect(tab.Page.Locator("article.message img")).ToHaveJSPropertyAsync("naturalHeight", 300);

        await tab.Page.WaitForFunctionAsync(
            "() => { const box = document.querySelector('.transcript'); return box.scrollHeight - box.scrollTop - box.clientHeight < 2; }"
        );
    }

    [BrowserFact]
    public async Task A_hidden_tab_holds_no_connection_and_goes_on_when_it_is_seen()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 2);
        await tab.GoAsync("#/conversations/talk");
        await LiveAsync(tab);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tab.Page.RequestFailed += (_, request) =>
        {
            if (request.Url.Contains("/events", StringComparison.Ordinal))
            {
                left.TrySetResult();
            }
        };
        await SeenAsync(tab, isHidden: true);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await SayAsync(tab, 3);
        await SeenAsync(tab, isHidden: false);

        await tab.CountAsync(5, tab.Page.Locator("article.message"));
        Assert.Equal(Range(1, 5), await tab.SequencesAsync());
    }

    private static Task SeenAsync(ConsoleTab tab, bool isHidden) =>
        tab.Page.EvaluateAsync(
            "isHidden => { Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }",
            isHidden
        );

    private static Task LiveAsync(ConsoleTab tab) =>
        Assertions.Expect(tab.Page.GetByRole(AriaRole.Status, new() { Name = "Live feed" })).ToHaveTextAsync("Live");

    private static Task SayAsync(ConsoleTab tab, int count) =>
        tab.AskAsync(
            "POST",
            "talk/messages",
            Enumerable
                .Range(1, count)
                .Select(static i => new { role = "user", content = string.Create(CultureInfo.InvariantCulture, $"Said {i}.") })
        );

    private static long[] Range(int first, int count) => [.. Enumerable.Range(first, count).Select(static sequence => (long)sequence)];
}
