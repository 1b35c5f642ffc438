using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>Who sees what in the console, and how: keys, hostile texts, keyboards, screen readers, phones.</summary>
public sealed class ConsoleAccessTests(ConsoleBrowser browser)
{
    // Each would set a mark if the page took it for markup, a link or code.
    private static readonly string[] Planted =
    [
        "<script>window.planted=1</script><img src=x onerror=\"window.planted=1\">\"><svg onload=window.planted=1>",
        "javascript:window.planted=1//{{constructor.constructor('window.planted=1')()}}</title></style><iframe srcdoc='<script>parent.planted=1</script>'>",
    ];

    private static readonly string[] Views =
    [
        "#/conversations",
        "#/conversations/trip",
        "#/memories?user=ana&q=room",
        "#/tenant",
        "#/silos",
        "#/compare/trip/branch",
    ];

    [BrowserFact]
    public async Task A_key_is_asked_for_kept_in_the_tab_and_forgotten()
    {
        await using ConsoleTab tab = await browser.OpenAsync(key: null, tenant: ConsoleBrowser.KeysTenant);
        await tab.GoAsync();
        ILocator key = tab.Page.GetByLabel("API key");
        await key.FillAsync("a-key-that-nobody-has-0123");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Alert));
        await key.FillAsync(ConsoleBrowser.ReaderKey);
        await tab.Page.Keyboard.PressAsync("Enter");

        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Conversations" }));
        Assert.DoesNotContain(ConsoleBrowser.ReaderKey, tab.Page.Url, StringComparison.Ordinal);
        Assert.Equal("", await tab.Page.EvaluateAsync<string>("Object.values(localStorage).join() + document.cookie"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await tab.SeeAsync(key);
        Assert.Equal("", await tab.Page.EvaluateAsync<string>("Object.values(sessionStorage).join()"));
        Assert.DoesNotContain(tab.Requests, static request => request.Contains("-key-", StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task Whoever_may_only_read_is_offered_nothing_else_and_a_bound_key_sees_its_user()
    {
        await using ConsoleTab reader = await browser.OpenAsync(ConsoleBrowser.ReaderKey, ConsoleBrowser.KeysTenant);
        await reader.AskAsync("PUT", "of-ana", new { userId = ConsoleBrowser.BoundUser, title = "Of Ana" });
        await reader.AskAsync("PUT", "of-ben", new { userId = "ben", title = "Of Ben" });
        await reader.AskAsync("POST", "of-ana/messages", new { role = "user", content = "hello" });
        await reader.GoAsync("#/conversations/of-ana");
        await reader.SeeAsync("hello");
        await reader.CountAsync(0, reader.Page.GetByText("Fork here"));
        await reader.Page.GetByRole(AriaRole.Tab, new() { Name = "Settings" }).ClickAsync();
        await reader.SeeAsync("Time to live");
        await reader.CountAsync(0, reader.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }));
        Assert.Equal(["Conversations", "Memories"], await reader.Page.Locator("nav a").AllInnerTextsAsync());

        await using ConsoleTab bound = await browser.OpenAsync(ConsoleBrowser.BoundKey, ConsoleBrowser.KeysTenant);
        await bound.GoAsync();
        await bound.SeeAsync("Of Ana");
        await bound.CountAsync(0, bound.Page.GetByText("Of Ben"));
        await bound.GoAsync("#/conversations/of-ben");
        await bound.SeeAsync(bound.Page.GetByRole(AriaRole.Alert));
        await bound.GoAsync("#/silos");
        await bound.SeeAsync(bound.Page.GetByRole(AriaRole.Heading, new() { Name = "Conversations" }));
    }

    [BrowserFact]
    public async Task What_people_and_models_say_is_text_and_never_markup()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        for (int i = 0; i < Planted.Length; i++)
        {
            string text = Planted[i];
            string path = string.Create(CultureInfo.InvariantCulture, $"planted-{i}");
            string branch = string.Create(CultureInfo.InvariantCulture, $"branch-{i}");
            await tab.AskAsync(
                "PUT",
                path,
                new
                {
                    userId = text,
                    agentId = text,
                    title = text,
                    metadata = new Dictionary<string, string> { [text] = text },
                }
            );
            await tab.AskAsync(
                "POST",
                path + "/turns",
                new
                {
                    turnId = text,
                    messages = new object[]
                    {
                        new
                        {
                            role = "user",
                            authorName = text,
                            content = text,
                            messageId = text,
                        },
                        new
                        {
                            role = "assistant",
                            contents = new object[]
                            {
                                Content("reasoning", ("text", text)),
                                Content(
                                    "functionCall",
                                    ("callId", text),
                                    ("name", text),
                                    ("arguments", new Dictionary<string, string> { [text] = text })
                                ),
                            },
                        },
                        new { role = "tool", contents = new object[] { Content("functionResult", ("callId", text), ("result", text)) } },
                        new
                        {
                            role = "assistant",
                            contents = new object[]
                            {
                                Content("uri", ("uri", "javascript:window.planted=1"), ("mediaType", "text/html")),
                                Content("error", ("message", text), ("errorCode", text)),
                                Content(
                                    "data",
                                    ("uri", "data:text/html;base64,PHNjcmlwdD53aW5kb3cucGxhbnRlZD0xPC9zY3JpcHQ+"),
                                    ("name", text)
                                ),
                            },
                        },
                        new
                        {
                            role = "assistant",
                            contents = new object[]
                            {
                                Content(
                                    "data",
                                    ("uri", "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5wbGFudGVkPTEiLz4="),
                                    ("name", text)
                                ),
                                Content("hostedFile", ("fileId", text), ("name", text)),
                            },
                        },
                    },
                    globals = new Dictionary<string, string> { [text] = text },
                    entries = new[]
                    {
                        new
                        {
                            @namespace = text,
                            key = text,
                            value = text,
                        },
                    },
                }
            );
            await tab.AskAsync("PUT", path + "/working-memory/WORKING_MEMORY", new { text });
            await tab.AskAsync("POST", path + "/fork", new { newId = branch, atSequence = 2 });
            await tab.AskAsync(
                "POST",
                "/v1/memories",
                new
                {
                    user = text,
                    agent = text,
                    session = text,
                    messages = new[]
                    {
                        new
                        {
                            role = "user",
                            authorName = text,
                            content = text + " room",
                        },
                    },
                }
            );

            await tab.GoAsync("#/conversations/" + path);
            await tab.CountAsync(5, tab.Page.Locator("article.message"));
            await tab.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(one => { one.open = true; })");
            await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Tabpanel).Locator("details").First);
            foreach (string name in (string[])["Model window", "Forks", "Settings"])
            {
                await tab.Page.GetByRole(AriaRole.Tab, new() { Name = name }).ClickAsync();
                await Assertions.Expect(tab.Page.GetByText("Loading…")).ToHaveCountAsync(0);
            }

            await tab.GoAsync($"#/memories?user={Uri.EscapeDataString(text)}&q=room");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "History" }).First.ClickAsync();
            await tab.SeeAsync(tab.Page.Locator("ins").First);
            await tab.GoAsync($"#/conversations?user={Uri.EscapeDataString(text)}&q=planted");
            await tab.SeeAsync(tab.Page.Locator(".results"));
            await tab.GoAsync($"#/compare/{path}/{branch}");
            await tab.SeeAsync("They share the messages up to #2");
            await tab.CleanAsync();
        }

        await tab.GoAsync("#/conversations");
        await tab.CountAsync(2 * Planted.Length, tab.Page.Locator(".card"));
        await tab.CleanAsync();
        await tab.GoAsync("#/tenant");
        await tab.SeeAsync("Users by what they store");
        await tab.CleanAsync();
    }

    [BrowserFact]
    public async Task Everything_is_reached_by_the_keyboard()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await ConsoleConversationTests.TripAsync(tab);
        await tab.GoAsync();
        await tab.SeeAsync("A week in Lisbon");
        await tab.Page.Keyboard.PressAsync("/");
        await Assertions.Expect(tab.Page.GetByLabel("Search")).ToBeFocusedAsync();
        await tab.Page.Locator(".card").FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.CountAsync(6, tab.Page.Locator("article.message"));
        await tab.Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(tab.Page.Locator("article.message").First).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("j");
        await Assertions.Expect(tab.Page.Locator("article.message").Nth(1)).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("k");
        await Assertions.Expect(tab.Page.Locator("article.message").First).ToBeFocusedAsync();
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "State" }).FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Model window" })).ToBeFocusedAsync();
        await tab.SeeAsync(tab.Page.GetByLabel("Tokens at most"));
        await tab.Page.Keyboard.PressAsync("Tab");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Model window" }).BlurAsync();
        await tab.Page.Locator("body").PressAsync("?");
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Dialog));
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.CountAsync(0, tab.Page.GetByRole(AriaRole.Dialog));
        await tab.Page.Locator("body").PressAsync("g");
        await tab.Page.Keyboard.PressAsync("m");
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Memories" }));
    }

    [BrowserFact]
    public async Task Every_view_is_sound_for_screen_readers_in_dark_and_light()
    {
        await using ConsoleTab tab = await browser.OpenAsync(options: new BrowserNewContextOptions { BypassCSP = true });
        await FillAsync(tab);
        foreach (string view in Views)
        {
            await tab.GoAsync(view);
            await QuietAsync(tab);
            await SoundAsync(tab, view, new AxeRunOptions());
            await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
            await SoundAsync(
                tab,
                view + ", dark",
                new AxeRunOptions
                {
                    RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] },
                }
            );
            await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        }
    }

    [BrowserFact]
    public async Task On_a_phone_nothing_is_wider_than_the_phone()
    {
        await using ConsoleTab tab = await browser.OpenAsync(
            options: new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = 360, Height = 740 },
                HasTouch = true,
                IsMobile = true,
            }
        );
        await FillAsync(tab);
        foreach (string view in Views)
        {
            await tab.GoAsync(view);
            await QuietAsync(tab);
            int wide = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(wide <= 360, $"{view}: {wide}");
        }
    }

    private static async Task SoundAsync(ConsoleTab tab, string view, AxeRunOptions options)
    {
        AxeResult result = await tab.Page.RunAxe(options);
        Assert.True(
            result.Violations.Length == 0,
            $"{view}: " + string.Join("; ", result.Violations.Select(static violation => $"{violation.Id}: {violation.Nodes[0].Html}"))
        );
    }

    private static async Task FillAsync(ConsoleTab tab)
    {
        await ConsoleConversationTests.TripAsync(tab);
        await tab.AskAsync("POST", "trip/fork", new { newId = "branch", atSequence = 3 });
        await tab.AskAsync("POST", "/v1/memories", new { user = "ana", contents = new[] { "Prefers quiet rooms.", new string('w', 200) } });
    }

    private static async Task QuietAsync(ConsoleTab tab)
    {
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Heading).First);
        await Assertions.Expect(tab.Page.GetByText("Loading…")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.GetByText("Recalling…")).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.GetByText("Connecting…")).ToHaveCountAsync(0);
    }

    private static Dictionary<string, object> Content(string type, params (string Name, object Value)[] fields)
    {
        var content = new Dictionary<string, object> { ["$type"] = type };
        foreach ((string name, object value) in fields)
        {
            content[name] = value;
        }

        return content;
    }
}
