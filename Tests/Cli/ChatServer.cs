using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansMemory.Tests.Cli;

/// <summary>A server of chat completions as OpenAI has them, streamed, whose model is a function of what was said.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChatServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single() + "/v1";

    /// <summary>Starts a server that says one thing, whatever it is.</summary>
    public static async Task<ChatServer> AnsweringAsync(string body)
    {
        WebApplication app = Build();
        app.MapPost("/v1/chat/completions", (HttpResponse response) => response.WriteAsync(body));
        await app.StartAsync();
        return new ChatServer(app);
    }

    /// <summary>Starts a server.</summary>
    /// <param name="answer">Answers what was said; what it throws is status 400.</param>
    public static async Task<ChatServer> StartAsync(Func<string[], string> answer)
    {
        WebApplication app = Build();
        app.MapPost(
            "/v1/chat/completions",
            async (JsonElement body, HttpResponse response) =>
            {
                string text;
                try
                {
                    text = answer([.. body.GetProperty("messages").EnumerateArray().Select(Text)]);
                }
                catch (InvalidOperationException)
                {
                    response.StatusCode = StatusCodes.Status400BadRequest;
                    await response.WriteAsJsonAsync(new { error = new { message = "no", type = "invalid_request_error" } });
                    return;
                }

                response.ContentType = "text/event-stream";
                foreach (string piece in text.Chunk(5).Select(static letters => new string(letters)))
                {
                    await SayAsync(
                        response,
                        new
                        {
                            choices = new[]
                            {
                                new
                                {
                                    index = 0,
                                    delta = new { role = "assistant", content = piece },
                                    finish_reason = (string?)null,
                                },
                            },
                        }
                    );
                }

                await SayAsync(
                    response,
                    new
                    {
                        choices = new[]
                        {
                            new
                            {
                                index = 0,
                                delta = new { },
                                finish_reason = "stop",
                            },
                        },
                    }
                );
                await response.WriteAsync("data: [DONE]\n\n");
            }
        );
        await app.StartAsync();
        return new ChatServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        return builder.Build();
    }

    private static string Text(JsonElement message)
    {
        JsonElement content = message.GetProperty("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
    }

    private static Task SayAsync<T>(HttpResponse response, T part)
    {
        JsonElement whole = JsonSerializer.SerializeToElement(part);
        return response.WriteAsync(
            $"data: {{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":{whole.GetProperty("choices").GetRawText()}}}\n\n"
        );
    }
}
