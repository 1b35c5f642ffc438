using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>Conversations in the console: found, read, followed, forked.</summary>
public sealed class ConsoleConversationTests(ConsoleBrowser browser)
{
    // One pixel.
    private const string Image =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [BrowserFact]
    public async Task Conversations_of_a_user_are_found_and_read_page_by_page()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        for (int i = 0; i < 55; i++)
        {
            await tab.AskAsync(
                "PUT",
                string.Create(CultureInfo.InvariantCulture, $"c-{i}"),
                new { userId = i < 53 ? "ana" : "ben", title = string.Create(CultureInfo.InvariantCulture, $"Trip {i}") }
            );
        }

        await tab.GoAsync();
        await tab.SeeAsync("Trip 54");
        await tab.Page.GetByLabel("User", new PageGetByLabelOptions { Exact = true }).FillAsync("ana");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();

        await Assertions.Expect(tab.Page.GetByText("Trip 54")).ToHaveCountAsync(0);
        await tab.Page.Locator(".card").Last.ScrollIntoViewIfNeededAsync();
        await tab.CountAsync(53, tab.Page.Locator(".card"));
        await tab.Page.GetByText("Trip 52").ClickAsync();
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Trip 52" }));
        Assert.EndsWith("#/conversations/c-52", tab.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_word_is_found_in_all_conversations_of_a_user_and_its_message_is_shown()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync("PUT", "one", new { userId = "ana" });
        await tab.AskAsync(
            "POST",
            "one/messages",
            Enumerable
                .Range(1, 300)
                .Select(i => new
                {
                    role = "user",
                    content = i == 7 ? "The saxophone is in the cellar." : string.Create(CultureInfo.InvariantCulture, $"word {i}"),
                })
        );

        await tab.GoAsync("#/conversations?user=ana&q=saxophone");
        await tab.SeeAsync(tab.Page.Locator("mark", new() { HasText = "saxophone" }));
        await tab.Page.Locator(".card").ClickAsync();

        ILocator found = tab.Page.Locator("article.message[data-sequence='7']");
        await tab.SeeAsync(found);
        await Assertions.Expect(found).ToBeFocusedAsync();
        await tab.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search in this conversation" }).FillAsync("\"word 250\"");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Locator(".found button.hit").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("article.message[data-sequence='250']")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Messages_show_what_they_hold_with_tools_folded_images_seen_and_reasoning_marked()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await TripAsync(tab);

        await tab.GoAsync("#/conversations/trip");
        ILocator messages = tab.Page.Locator("article.message");
        await tab.CountAsync(6, messages);
        Assert.Equal(Range(6), await tab.SequencesAsync());
        Assert.Equal(
            ["System", "User", "Assistant", "Tool", "Assistant", "User"],
            await tab.Page.Locator("article .role").AllInnerTextsAsync()
        );
        await Assertions.Expect(messages.Nth(1).Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 1);
        Assert.Equal("room.png", await messages.Nth(1).Locator("img").GetAttributeAsync("alt"));
        await tab.SeeAsync(messages.Nth(2).Locator("summary", new() { HasText = "Reasoning" }));
        ILocator arguments = messages.Nth(2).Locator("details.call pre");
        Assert.False(await arguments.IsVisibleAsync());
        await messages.Nth(2).Locator("details.call summary").ClickAsync();
        Assert.Equal("""{"city":"Lisbon","nights":7}""", JsonSerializer.Serialize(JsonDocument.Parse(await arguments.InnerTextAsync())));
        await messages.Nth(3).Locator("summary", new() { HasText = "Result of find_hotels" }).ClickAsync();
        await tab.SeeAsync(messages.Nth(3).Locator("pre", new() { HasText = "Alfama Inn" }));
        await tab.SeeAsync(messages.Nth(4).Locator("a[href='https://hotels.example/alfama'][rel='noopener noreferrer']"));
        await tab.SeeAsync(messages.Nth(5).Locator("details.other summary", new() { HasText = "hostedFile" }));
        Assert.DoesNotContain(tab.Requests, static request => request.Contains("hotels.example", StringComparison.Ordinal));
        foreach (ILocator message in await messages.AllAsync())
        {
            Assert.NotNull(await message.Locator("header time").GetAttributeAsync("datetime"));
        }
    }

    [BrowserFact]
    public async Task What_is_said_meanwhile_appears_and_a_feed_that_breaks_goes_on_without_a_gap()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await TripAsync(tab);
        await tab.GoAsync("#/conversations/trip");
        ILocator state = tab.Page.GetByRole(AriaRole.Status, new() { Name = "Live feed" });
        await Assertions.Expect(state).ToHaveTextAsync("Live");

        await SayAsync(tab, "And a train to Porto.");
        await tab.SeeAsync("And a train to Porto.");
        await tab.SeeAsync("7 messages");

        // The feed cannot be opened for a while, and what was open is cut by the silo: deleting and beginning anew ends nothing that the
        // reader must see.
        await tab.Page.RouteAsync("**/events*", static route => route.AbortAsync());
        await tab.Page.ReloadAsync();
        await Assertions.Expect(state).ToHaveTextAsync("Reconnecting…");
        await tab.CountAsync(7, tab.Page.Locator("article.message"));
        await SayAsync(tab, "Two seats.");
        await SayAsync(tab, "By the window.");
        await tab.Page.UnrouteAsync("**/events*");
        await Assertions.Expect(state).ToHaveTextAsync("Live", new() { Timeout = 30_000 });
        await tab.SeeAsync("By the window.");
        Assert.Equal(Range(9), await tab.SequencesAsync());

        await tab.AskAsync("POST", "trip/messages/truncate", new { keepLast = 2 });
        await tab.CountAsync(2, tab.Page.Locator("article.message"));
        await tab.AskAsync("DELETE", "trip");
        await Assertions.Expect(state).ToHaveTextAsync("Ended");
    }

    [BrowserFact]
    public async Task The_state_is_shown_counts_down_and_follows_what_happens()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await TripAsync(tab);
        await tab.GoAsync("#/conversations/trip");

        ILocator panel = tab.Page.GetByRole(AriaRole.Tabpanel);
        await tab.SeeAsync(panel.Locator("summary", new() { HasText = "budget" }));
        await tab.SeeAsync(panel.Locator("summary", new() { HasText = "Ana wants a quiet room." }));
        ILocator hotel = panel.Locator("details", new() { HasText = "hotel" });
        string before = await hotel.Locator(".countdown").InnerTextAsync();
        Assert.StartsWith("expires in 1 h 29 min", before, StringComparison.Ordinal);
        await Assertions.Expect(hotel.Locator(".countdown")).Not.ToHaveTextAsync(before);
        await tab.SeeAsync(tab.Page.Locator(".head .countdown"));

        await tab.AskAsync(
            "POST",
            "trip/turns",
            new
            {
                turnId = "later",
                messages = new[] { new { role = "user", content = "More money." } },
                globals = new { budget = 9_999 },
            }
        );
        await tab.SeeAsync(panel.Locator("summary", new() { HasText = "9999" }));
    }

    [BrowserFact]
    public async Task The_window_shows_what_a_model_would_be_sent_and_what_falls_out()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync(
            "POST",
            "long/messages",
            Enumerable
                .Range(1, 40)
                .Select(i => new
                {
                    role = i == 1 ? "system"
                    : i % 2 == 0 ? "user"
                    : "assistant",
                    content = string.Create(CultureInfo.InvariantCulture, $"Message {i} of a conversation about hotels."),
                })
        );
        JsonElement window = await tab.AskAsync("GET", "long/window?maxTokens=100");
        int shown = window.GetProperty("messages").GetArrayLength();
        long leftOut = window.GetProperty("leftOut").GetInt64();
        Assert.True(shown > 2 && leftOut == 40 - shown, $"{shown} {leftOut}");

        await tab.GoAsync("#/conversations/long");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Model window" }).ClickAsync();
        await tab.Page.GetByLabel("Tokens at most").FillAsync("100");
        await tab.Page.Keyboard.PressAsync("Enter");

        await tab.SeeAsync(string.Create(CultureInfo.InvariantCulture, $"{leftOut} fell out."));
        await tab.CountAsync(shown, tab.Page.Locator("ol.window li"));
        await tab.CountAsync((int)leftOut, tab.Page.Locator("article.message.fallen"));
        await tab.CountAsync(0, tab.Page.Locator("article.message.fallen[data-sequence='1']"));
        string tokens = await tab.Page.Locator("article.message[data-sequence='40'] .tokens").InnerTextAsync();
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{window.GetProperty("messages")[shown - 1].GetProperty("tokens").GetInt64()} tokens"
            ),
            tokens
        );

        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Forks" }).ClickAsync();
        await tab.CountAsync(0, tab.Page.Locator("article.message.fallen"));
    }

    [BrowserFact]
    public async Task Forks_are_made_seen_as_a_tree_and_compared()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await TripAsync(tab);
        await tab.GoAsync("#/conversations/trip");
        ILocator fourth = tab.Page.Locator("article.message[data-sequence='4']");
        await fourth.HoverAsync();
        await fourth.GetByRole(AriaRole.Button, new() { Name = "Fork here" }).ClickAsync();
        await tab.Page.GetByLabel("Id of the new conversation").FillAsync("cheaper");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Fork", Exact = true }).ClickAsync();

        await tab.SeeAsync("forked from");
        await tab.CountAsync(4, tab.Page.Locator("article.message"));
        Assert.Equal(4, (await tab.AskAsync("GET", "cheaper")).GetProperty("origin").GetProperty("sequence").GetInt64());
        await tab.AskAsync("POST", "cheaper/messages", new { role = "assistant", content = "The Rossio is cheaper." });
        await tab.AskAsync("POST", "cheaper/fork", new { newId = "cheapest", atSequence = 5 });

        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Forks" }).ClickAsync();
        await tab.CountAsync(3, tab.Page.Locator(".tree a"));
        Assert.Equal("A week in Lisbon (cheaper)", await tab.Page.Locator(".tree [aria-current]").InnerTextAsync());
        await tab.Page.GetByLabel("Compare with").SelectOptionAsync("trip");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();

        await tab.SeeAsync("They share the messages up to #4");
        ILocator sides = tab.Page.Locator(".compare section");
        await tab.CountAsync(1, sides.Nth(0).Locator("article"));
        await tab.CountAsync(2, sides.Nth(1).Locator("article"));
        await tab.SeeAsync(sides.Nth(0).GetByText("The Rossio is cheaper."));
    }

    [BrowserFact]
    public async Task A_conversation_is_renamed_and_deleted_only_after_it_was_asked()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await TripAsync(tab);
        await tab.GoAsync("#/conversations/trip");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Settings" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await tab.Page.GetByLabel("Title").FillAsync("Lisbon again");
        await tab.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Lisbon again" }));
        Assert.Equal("ana", (await tab.AskAsync("GET", "trip")).GetProperty("userId").GetString());

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        Assert.Equal(HttpStatusCode.OK, await tab.StatusAsync("GET", "trip"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await tab.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await tab.SeeAsync("No conversations yet.");
        Assert.Equal(HttpStatusCode.NotFound, await tab.StatusAsync("GET", "trip"));
    }

    /// <summary>A conversation with a message of every kind, and something in every space.</summary>
    internal static async Task TripAsync(ConsoleTab tab)
    {
        await tab.AskAsync(
            "PUT",
            "trip",
            new
            {
                userId = "ana",
                agentId = "travel-agent",
                title = "A week in Lisbon",
                ttl = new { seconds = 18_000, sliding = true },
                metadata = new { channel = "web" },
            }
        );
        await tab.AskAsync(
            "POST",
            "trip/turns",
            JsonDocument
                .Parse(
                    $$$"""
                    {
                      "turnId": "t-1",
                      "messages": [
                        {"role": "system", "content": "You are a travel agent."},
                        {"role": "user", "contents": [{"$type": "text", "text": "Find me a hotel."}, {"$type": "data", "uri": "{{{Image}}}", "name": "room.png"}]},
                        {"role": "assistant", "contents": [
                          {"$type": "reasoning", "text": "She wants it quiet."},
                          {"$type": "functionCall", "callId": "call-1", "name": "find_hotels", "arguments": {"city": "Lisbon", "nights": 7}}]},
                        {"role": "tool", "contents": [{"$type": "functionResult", "callId": "call-1", "result": [{"name": "Alfama Inn"}]}]},
                        {"role": "assistant", "contents": [{"$type": "text", "text": "The Alfama Inn."}, {"$type": "uri", "uri": "https://hotels.example/alfama", "mediaType": "image/png"}]},
                        {"role": "user", "contents": [{"$type": "hostedFile", "fileId": "file-3"}]}
                      ],
                      "globals": {"budget": 1200},
                      "entries": [{"namespace": "notes", "key": "hotel", "value": "Alfama Inn", "ttlSeconds": 5400}]
                    }
                    """
                )
                .RootElement
        );
        await tab.AskAsync("PUT", "trip/working-memory/WORKING_MEMORY", new { text = "Ana wants a quiet room." });
    }

    private static long[] Range(int last) => [.. Enumerable.Range(1, last).Select(static sequence => (long)sequence)];

    private static Task SayAsync(ConsoleTab tab, string text) =>
        tab.AskAsync("POST", "trip/messages", new { role = "user", content = text });
}
