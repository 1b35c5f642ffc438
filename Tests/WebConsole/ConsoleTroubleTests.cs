using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>What the console does where the silo refuses, clocks differ, and where there is much of something.</summary>
public sealed class ConsoleTroubleTests(ConsoleBrowser browser)
{
    private const string Pages = "**/messages?*";
    private const string Problem = """{"title":"Too many requests","code":"overloaded"}""";

    [BrowserFact]
    public async Task A_page_that_is_refused_while_scrolling_is_asked_for_again_after_the_pause()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 300);
        await tab.GoAsync("#/conversations/talk");
        await tab.CountAsync(60, tab.Page.Locator("article.message"));
        int refused = 0;
        await tab.Page.RouteAsync(
            Pages,
            route =>
            {
                refused++;
                return RefuseAsync(route, 429);
            }
        );
        for (int i = 0; i < 20; i++)
        {
            await tab
                .Page.Locator(".transcript")
                .EvaluateAsync("(box, top) => new Promise(done => { box.scrollTop = top; setTimeout(done, 20); })", i % 10);
        }

        await tab.SeeAsync(tab.Page.Locator(".toast.bad"));

        // One a pause, however long the machine takes to scroll; one a scroll it was before.
        Assert.InRange(refused, 1, 12);
        await tab.Page.UnrouteAsync(Pages);
        await tab.SeeAsync(tab.Page.Locator("article.message[data-sequence='240']"));
    }

    [BrowserFact]
    public async Task A_conversation_whose_messages_cannot_be_read_is_tried_again()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 3);
        await tab.Page.RouteAsync(Pages, static route => RefuseAsync(route, 503));
        await tab.GoAsync("#/conversations/talk");
        ILocator again = tab.Page.Locator(".messages").GetByRole(AriaRole.Button, new() { Name = "Try again" });
        await tab.SeeAsync(again);
        await tab.Page.UnrouteAsync(Pages);

        await again.ClickAsync();

        await tab.CountAsync(3, tab.Page.Locator("article.message"));
        await tab.CountAsync(0, tab.Page.Locator(".messages .problem"));
    }

    [BrowserFact]
    public async Task A_good_key_that_asks_too_often_is_kept()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.Page.RouteAsync("**/v1/caller", static route => RefuseAsync(route, 429));
        await tab.GoAsync();
        await tab.SeeAsync("Too many requests");
        await tab.Page.UnrouteAsync("**/v1/caller");

        Assert.Equal(ConsoleBrowser.OperatorKey, await tab.Page.EvaluateAsync<string>("sessionStorage.getItem('orleansmemory.key')"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Conversations" }));
    }

    [BrowserFact]
    public async Task A_key_of_one_tenant_opens_where_an_operator_has_chosen_another()
    {
        await using ConsoleTab tab = await browser.OpenAsync(key: null, tenant: ConsoleBrowser.KeysTenant);
        await tab.Page.AddInitScriptAsync(
            "sessionStorage.getItem('before') ?? (sessionStorage.setItem('before', '1'), sessionStorage.setItem('orleansmemory.tenant', 'another'))"
        );
        await tab.GoAsync();
        ILocator key = tab.Page.GetByLabel("API key");
        await key.FillAsync(ConsoleBrowser.ReaderKey);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Alert));
        await key.FillAsync(ConsoleBrowser.ReaderKey);
        await tab.Page.Keyboard.PressAsync("Enter");

        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Conversations" }));
    }

    [BrowserFact]
    public async Task A_key_that_has_expired_meanwhile_is_asked_for_anew()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.GoAsync();
        await tab.SeeAsync("No conversations yet.");
        await tab.Page.EvaluateAsync("sessionStorage.setItem('orleansmemory.key', 'a-key-that-nobody-has-0123')");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Give another key" }).ClickAsync();

        await tab.SeeAsync("No conversations yet.");
    }

    [BrowserFact]
    public async Task Expiry_counts_down_by_the_clock_of_the_silo()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync("PUT", "talk", new { ttl = new { seconds = 1_800, sliding = false } });
        await tab.Page.AddInitScriptAsync("{ const now = Date.now; Date.now = () => now() + 3600000; }");
        await tab.GoAsync("#/conversations/talk");

        await Assertions.Expect(tab.Page.Locator(".head .countdown")).ToContainTextAsync("expires in 29 min");
    }

    [BrowserFact]
    public async Task Results_too_large_for_a_page_are_read_on_until_the_box_is_full()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        string result = new('r', 950_000);
        for (int i = 1; i <= 12; i++)
        {
            await tab.AskAsync(
                "POST",
                "talk/messages",
                new
                {
                    role = "tool",
                    contents = new[]
                    {
                        new Dictionary<string, string>
                        {
                            ["$type"] = "functionResult",
                            ["callId"] = string.Create(CultureInfo.InvariantCulture, $"call-{i}"),
                            ["result"] = result,
                        },
                    },
                }
            );
        }

        await tab.GoAsync("#/conversations/talk");

        await tab.CountAsync(12, tab.Page.Locator("article.message"));
        int length = await tab.Page.EvaluateAsync<int>("document.querySelector('.messages').textContent.length");
        Assert.True(length < 10_000, $"{length}");
        await tab.Page.Locator("article.message[data-sequence='12'] summary").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("article.message[data-sequence='12'] pre")).ToHaveTextAsync(result);
    }

    [BrowserFact]
    public async Task Of_many_entries_the_first_are_shown_and_the_rest_when_they_are_asked_for()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync(
            "POST",
            "talk/turns",
            new
            {
                turnId = "t-1",
                messages = Array.Empty<object>(),
                entries = Enumerable
                    .Range(1, 500)
                    .Select(i => new
                    {
                        @namespace = "notes",
                        key = string.Create(CultureInfo.InvariantCulture, $"key {i}"),
                        value = i,
                    }),
            }
        );
        await tab.GoAsync("#/conversations/talk");
        await tab.CountAsync(200, tab.Page.Locator(".panel details"));

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show 300 more" }).ClickAsync();

        await tab.CountAsync(500, tab.Page.Locator(".panel details"));
    }

    [BrowserFact]
    public async Task A_fork_among_hundreds_is_seen_in_its_tree()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 2);
        for (int i = 0; i < 210; i++)
        {
            await tab.AskAsync(
                "POST",
                "talk/fork",
                new { newId = string.Create(CultureInfo.InvariantCulture, $"fork-{i}"), atSequence = 1 }
            );
        }

        await tab.GoAsync("#/conversations/fork-0");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Forks" }).ClickAsync();

        await tab.SeeAsync(tab.Page.Locator(".tree [aria-current]", new() { HasText = "fork-0" }));
        await tab.CountAsync(200, tab.Page.Locator(".tree a"));
        await tab.SeeAsync("Not all are shown");
    }

    [BrowserFact]
    public async Task What_has_begun_anew_under_the_id_of_a_parent_is_no_parent()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 3);
        await tab.AskAsync("POST", "talk/fork", new { newId = "branch", atSequence = 2 });
        await tab.AskAsync("DELETE", "talk");
        await SayAsync(tab, 1);
        await tab.GoAsync("#/conversations/branch");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Forks" }).ClickAsync();

        await tab.SeeAsync(tab.Page.Locator(".tree [aria-current]", new() { HasText = "branch" }));
        await tab.CountAsync(1, tab.Page.Locator(".tree a"));
    }

    [BrowserFact]
    public async Task The_slider_keeps_the_focus_of_the_keyboard()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 100);
        await tab.GoAsync("#/conversations/talk");
        await tab.CountAsync(60, tab.Page.Locator("article.message"));
        ILocator slider = tab.Page.GetByLabel("Position in the conversation");
        await slider.FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowLeft");

        await tab.SeeAsync(tab.Page.Locator("article.message.found[data-sequence='99']"));
        await Assertions.Expect(slider).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Two_branches_with_the_same_sequences_have_headings_of_their_own()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await SayAsync(tab, 2);
        await tab.AskAsync("POST", "talk/fork", new { newId = "branch", atSequence = 1 });
        await tab.AskAsync("POST", "branch/messages", new { role = "user", content = "Another way." });
        await tab.GoAsync("#/compare/talk/branch");

        await tab.CountAsync(2, tab.Page.Locator(".compare article"));
        Assert.Equal(
            2,
            await tab.Page.EvaluateAsync<int>("new Set([...document.querySelectorAll('.compare h2[id]')].map(one => one.id)).size")
        );
    }

    private static Task RefuseAsync(IRoute route, int status) =>
        route.FulfillAsync(
            new RouteFulfillOptions
            {
                Status = status,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "3" },
                ContentType = "application/problem+json",
                Body = Problem,
            }
        );

    private static Task SayAsync(ConsoleTab tab, int count) =>
        tab.AskAsync(
            "POST",
            "talk/messages",
            Enumerable
                .Range(1, count)
                .Select(static i => new { role = "user", content = string.Create(CultureInfo.InvariantCulture, $"Said {i}.") })
        );
}
