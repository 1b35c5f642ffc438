using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Client;
using OrleansMemory.Samples.AgentChat;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>The sample web app: streaming, a tool that needs approval, and a restart in the middle.</summary>
public sealed class AgentChatTests(SharedHosts hosts)
{
    [Fact]
    public async Task A_chat_streams_asks_for_approval_and_goes_on_after_a_restart()
    {
        GrainHost host = await hosts.OnPostgresAsync();
        string tenant = SharedHosts.NewTenant();
        string asked;
        await using (WebApplication first = await StartAsync(Clients.OfTenant(host, tenant)))
        {
            List<SseItem<string>> hello = await PostAsync(first, "/chats/trip", "1", new { text = "Hello" });
            Assert.Equal(["That", " was", " question", " 1", ""], hello.Select(item => item.Data));
            List<SseItem<string>> booking = await PostAsync(first, "/chats/trip", "2", new { text = "Book New York" });
            asked = booking.Single(item => item.EventType == "approval").Data;
            Assert.Equal(0, first.Services.GetRequiredService<Bookings>().Count);
        }

        await using WebApplication second = await StartAsync(Clients.OfTenant(host, tenant));
        for (int i = 0; i < 2; i++)
        {
            List<SseItem<string>> booked = await PostAsync(
                second,
                "/chats/trip/approvals",
                "3",
                new { requestId = asked, approved = true }
            );
            Assert.Equal("I have: a room in New York", string.Concat(booked.Select(item => item.Data)));
        }

        Assert.Equal(1, second.Services.GetRequiredService<Bookings>().Count);
        using HttpClient client = second.GetTestClient();
        Assert.Equal(
            """[{"role":"user","text":"Hello"},{"role":"assistant","text":"That was question 1"},{"role":"user","text":"Book New York"},{"role":"assistant","text":"I have: a room in New York"}]""",
            await client.GetStringAsync("/chats/trip")
        );
        Assert.Equal("[]", await client.GetStringAsync("/chats/another"));
        using HttpResponseMessage unknown = await client.PostAsJsonAsync(
            "/chats/trip/approvals",
            new { requestId = "none", approved = true }
        );
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(ConversationClient client)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(client);
        builder.Services.AddChat();
        WebApplication app = builder.Build();
        app.MapChat();
        await app.StartAsync();
        return app;
    }

    private static async Task<List<SseItem<string>>> PostAsync(WebApplication app, string path, string key, object body)
    {
        using HttpClient client = app.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return await SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().ToListAsync();
    }
}
