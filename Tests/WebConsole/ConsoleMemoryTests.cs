using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>Memories, tenants and silos in the console.</summary>
public sealed class ConsoleMemoryTests(ConsoleBrowser browser)
{
    [BrowserFact]
    public async Task A_question_recalls_memories_and_says_why()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.AskAsync(
            "POST",
            "/v1/memories",
            new { user = "ana", contents = new[] { "Prefers quiet rooms near the river.", "Plays the cello.", "Is allergic to nuts." } }
        );

        await tab.GoAsync("#/memories");
        await tab.CountAsync(3, tab.Page.Locator(".memory"));
        await tab.Page.GetByLabel("User", new PageGetByLabelOptions { Exact = true }).FillAsync("ana");
        await tab.Page.GetByLabel("Question").FillAsync("Which rooms does Ana like?");
        await tab.Page.Keyboard.PressAsync("Enter");

        await tab.SeeAsync("memories answer");
        ILocator best = tab.Page.Locator(".memory").First;
        await tab.SeeAsync(best.GetByText("Prefers quiet rooms near the river."));
        await tab.SeeAsync(best.Locator(".why li.words", new() { HasText = "words 1.00" }));
        await tab.SeeAsync(best.Locator(".why .terms code", new() { HasText = "room" }));
    }

    [BrowserFact]
    public async Task A_fact_is_corrected_its_history_is_seen_and_it_is_deleted()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        JsonElement made = await tab.AskAsync("POST", "/v1/memories", new { user = "ana", contents = new[] { "Lives in Rome." } });
        string id = made.GetProperty("memoryIds")[0].GetString()!;
        await tab.GoAsync("#/memories?user=ana");
        ILocator memory = tab.Page.Locator(".memory");
        await memory.GetByRole(AriaRole.Button, new() { Name = "Correct" }).ClickAsync();
        await tab.Page.GetByLabel("What it says").FillAsync("Lives in Oslo.");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await tab.SeeAsync(memory.Locator("p.text", new() { HasText = "Lives in Oslo." }));
        Assert.Equal("Lives in Oslo.", (await tab.AskAsync("GET", $"/v1/memories/{id}")).GetProperty("text").GetString());

        await memory.GetByRole(AriaRole.Button, new() { Name = "History" }).ClickAsync();
        await tab.SeeAsync(memory.Locator("del", new() { HasText = "Lives in Rome." }));
        await memory.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await tab.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await tab.CountAsync(0, memory);
        Assert.Equal(HttpStatusCode.NotFound, await tab.StatusAsync("GET", $"/v1/memories/{id}"));
    }

    [BrowserFact]
    public async Task Usage_and_limits_of_a_tenant_are_seen_and_an_operator_sets_its_quotas()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await ConsoleConversationTests.TripAsync(tab);
        await tab.GoAsync("#/tenant");

        ILocator conversations = tab.Page.Locator(".tile", new() { HasText = "Conversations" });
        await tab.SeeAsync(conversations.GetByText("1", new() { Exact = true }));
        await tab.SeeAsync(tab.Page.Locator("figure.chart rect").First);
        await tab.SeeAsync(tab.Page.Locator("table", new() { HasText = "Largest conversations" }).GetByText("trip"));
        await tab.SeeAsync(tab.Page.GetByRole(AriaRole.Button, new() { Name = tab.Tenant, Exact = true }));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set quotas" }).ClickAsync();
        await tab.Page.GetByLabel("Conversations at most").FillAsync("4");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await tab.SeeAsync(conversations.GetByText("of 4"));
        Assert.Equal(4, (await tab.AskAsync("GET", $"/v1/tenants/{tab.Tenant}/quotas")).GetProperty("maxConversations").GetInt64());
    }

    [BrowserFact]
    public async Task Silos_are_seen_with_what_they_do()
    {
        await using ConsoleTab tab = await browser.OpenAsync();
        await tab.GoAsync("#/silos");

        await tab.SeeAsync("Active");
        ILocator numbers = tab.Page.Locator("td.number");
        await tab.CountAsync(5, numbers);
        Assert.DoesNotContain("–", await numbers.AllInnerTextsAsync());
    }
}
