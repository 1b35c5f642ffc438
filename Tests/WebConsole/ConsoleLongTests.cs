using System.Globalization;
using Microsoft.Playwright;
using OrleansMemory.Tests.RealInput;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>Conversations that are too long to be loaded whole.</summary>
public sealed class ConsoleLongTests(ConsoleBrowser browser)
{
    private const string ScrollUp = "box => { box.scrollTop = 0; }";

    [BrowserFact]
    public async Task A_long_log_opens_at_its_end_and_is_read_where_the_reader_goes()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await AppendAsync(tab, "long", 10_000);
        await tab.GoAsync("#/conversations/long");
        ILocator last = tab.Page.Locator("article.message[data-sequence='10000']");
        await tab.SeeAsync(last);

        ILocator box = tab.Page.Locator(".transcript");
        for (int i = 0; i < 6; i++)
        {
            long first = (await tab.SequencesAsync())[0];
            await box.EvaluateAsync(ScrollUp);
            await Assertions
                .Expect(tab.Page.Locator(string.Create(CultureInfo.InvariantCulture, $"article.message[data-sequence='{first - 1}']")))
                .ToBeAttachedAsync();
            long[] shown = await tab.SequencesAsync();
            Assert.True(shown.Length <= 300, $"{shown.Length}");
            Assert.Equal(Enumerable.Range(0, shown.Length).Select(place => shown[0] + place), shown);
        }

        ILocator slider = tab.Page.GetByLabel("Position in the conversation");
        await slider.FillAsync("5000");
        await tab.SeeAsync(tab.Page.Locator("article.message[data-sequence='5000']"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Newest ↓" }).ClickAsync();
        await tab.SeeAsync(last);
        int pages = tab.Requests.Count(static request => request.Contains("/messages", StringComparison.Ordinal));
        Assert.True(pages < 40, $"{pages}");
    }

    [BrowserFact]
    public async Task Whoever_reads_above_stays_there_and_is_told_of_what_is_new()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await AppendAsync(tab, "talk", 150);
        await tab.GoAsync("#/conversations/talk?at=40");
        ILocator reading = tab.Page.Locator("article.message[data-sequence='40']");
        await Assertions.Expect(reading).ToBeInViewportAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status, new() { Name = "Live feed" })).ToHaveTextAsync("Live");

        await tab.AskAsync("POST", "talk/messages", new { role = "user", content = "Something new." });

        ILocator news = tab.Page.GetByRole(AriaRole.Button, new() { Name = "1 new ↓" });
        await tab.SeeAsync(news);
        await Assertions.Expect(reading).ToBeInViewportAsync();
        await news.ClickAsync();
        await tab.SeeAsync("Something new.");
    }

    [LocomoFact]
    public async Task A_real_conversation_is_read_from_its_end_to_its_beginning_without_a_gap()
    {
        Assert.SkipWhen(BrowserFactAttribute.Browser is null, "Chromium is missing.");
        LocomoConversation real = LocomoConversation.Read(LocomoFactAttribute.Find()!)[0];
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync("PUT", real.Id, new { userId = "reader" });
        await tab.AskAsync(
            "POST",
            $"{real.Id}/messages",
            real.Messages.Select(static message => new
            {
                role = message.Role.Value,
                authorName = message.AuthorName,
                content = message.Text,
            })
        );
        await tab.GoAsync($"#/conversations/{real.Id}");
        await tab.SeeAsync(
            tab.Page.Locator(string.Create(CultureInfo.InvariantCulture, $"article.message[data-sequence='{real.Messages.Count}']"))
        );

        var seen = new SortedDictionary<long, string>();
        while (!seen.ContainsKey(1))
        {
            foreach (
                string[] shown in await tab
                    .Page.Locator("article.message")
                    .EvaluateAllAsync<string[][]>("all => all.map(one => [one.dataset.sequence, one.querySelector('.text').textContent])")
            )
            {
                seen[long.Parse(shown[0], CultureInfo.InvariantCulture)] = shown[1];
            }

            if (!seen.ContainsKey(1))
            {
                await tab.Page.Locator(".transcript").EvaluateAsync(ScrollUp);
                await Assertions
                    .Expect(
                        tab.Page.Locator(
                            string.Create(CultureInfo.InvariantCulture, $"article.message[data-sequence='{seen.Keys.First() - 1}']")
                        )
                    )
                    .ToBeAttachedAsync();
            }
        }

        Assert.Equal(real.Messages.Select(static message => message.Text), seen.Values);
        string word = real
            .Messages.SelectMany(static message => message.Text.Split(' '))
            .First(static text => text.Length > 8 && text.All(char.IsLetter));
        await tab.GoAsync($"#/conversations?user=reader&q={word}");
        await tab.SeeAsync(tab.Page.Locator("mark").First);
    }

    private static async Task AppendAsync(ConsoleTab tab, string id, int count)
    {
        for (int from = 1; from <= count; from += 1_000)
        {
            await tab.AskAsync(
                "POST",
                $"{id}/messages",
                Enumerable
                    .Range(from, Math.Min(1_000, count - from + 1))
                    .Select(i => new
                    {
                        role = i % 2 == 0 ? "assistant" : "user",
                        content = string.Create(CultureInfo.InvariantCulture, $"Message {i}. {new string('x', i % 200)}"),
                    })
            );
        }
    }
}
