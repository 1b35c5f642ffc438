using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Errors;

namespace OrleansMemory.Samples.AgentChat;

/// <summary>
/// A chat over HTTP: an agent whose answers are streamed, with a tool that a person must approve. Nothing of a chat is held in the process:
/// it may be restarted between a question and its approval.
/// </summary>
public static class Chat
{
    // A page that sends a question again, because it did not hear the end of the answer, sends the same key.
    private const string KeyHeader = "Idempotency-Key";

    /// <summary>Makes the agent available. Needs a <see cref="ConversationClient"/>.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddChat(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new ConversationHistoryProvider(provider.GetRequiredService<ConversationClient>()))
            .AddSingleton(provider => new ConversationSessionStore(provider.GetRequiredService<ConversationClient>()))
            .AddSingleton<Bookings>()
            .AddSingleton(provider =>
                new ChatClientAgent(
                    new ScriptedModel(),
                    new ChatClientAgentOptions
                    {
                        Name = "Concierge",
                        ChatHistoryProvider = provider.GetRequiredService<ConversationHistoryProvider>(),
                        ChatOptions = new ChatOptions
                        {
                            Tools = [new ApprovalRequiredAIFunction(provider.GetRequiredService<Bookings>().AsTool())],
                        },
                    }
                ).WithDurableRuns()
            );

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">Where.</param>
    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/chats/{chat}",
            (string chat, Question question, HttpRequest request, ChatServices services, CancellationToken cancellationToken) =>
                TypedResults.ServerSentEvents(
                    AnswerAsync(services, chat, new ChatMessage(ChatRole.User, question.Text), request, cancellationToken)
                )
        );

        routes.MapPost(
            "/chats/{chat}/approvals",
            async Task<IResult> (
                string chat,
                Approval approval,
                HttpRequest request,
                ChatServices services,
                CancellationToken cancellationToken
            ) =>
            {
                AgentSession session = await services.Sessions.GetOrCreateSessionAsync(services.Agent, Key(chat), cancellationToken);
                return await FindAsync(services, session, approval.RequestId, cancellationToken) is not { } asked
                    ? TypedResults.NotFound()
                    : TypedResults.ServerSentEvents(
                        AnswerAsync(
                            services,
                            chat,
                            new ChatMessage(ChatRole.User, [asked.CreateResponse(approval.Approved)]),
                            request,
                            cancellationToken
                        )
                    );
            }
        );

        routes.MapGet(
            "/chats/{chat}",
            async (string chat, ChatServices services, CancellationToken cancellationToken) =>
            {
                AgentSession session = await services.Sessions.GetOrCreateSessionAsync(services.Agent, Key(chat), cancellationToken);
                return (await ReadAsync(services, session, cancellationToken))
                    .Where(message => message.Text.Length > 0)
                    .Select(message => new Said(message.Role.Value, message.Text));
            }
        );
    }

    /// <summary>A session's key. A host with users puts the user into it, as a partition.</summary>
    private static AgentSessionStoreKey Key(string chat) => new(chat, null);

    private static async IAsyncEnumerable<SseItem<string>> AnswerAsync(
        ChatServices services,
        string chat,
        ChatMessage input,
        HttpRequest http,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        AgentSession session = await services.Sessions.GetOrCreateSessionAsync(services.Agent, Key(chat), cancellationToken);
        AgentRunOptions? options = http.Headers[KeyHeader].ToString() is { Length: > 0 } key ? new AgentRunOptions().WithTurnId(key) : null;
        var asked = new List<ToolApprovalRequestContent>();
        await foreach (AgentResponseUpdate update in services.Agent.RunStreamingAsync([input], session, options, cancellationToken))
        {
            if (update.Text.Length > 0)
            {
                yield return new SseItem<string>(update.Text, "text");
            }

            asked.AddRange(update.Contents.OfType<ToolApprovalRequestContent>());
        }

        // The framework takes an approval only of a session that knows of the request, so it is saved before anybody can answer.
        await services.Sessions.SaveSessionAsync(services.Agent, Key(chat), session, cancellationToken);
        foreach (ToolApprovalRequestContent request in asked)
        {
            yield return new SseItem<string>(request.RequestId, "approval");
        }

        yield return new SseItem<string>("", "done");
    }

    private static async Task<ToolApprovalRequestContent?> FindAsync(
        ChatServices services,
        AgentSession session,
        string requestId,
        CancellationToken cancellationToken
    ) =>
        (await ReadAsync(services, session, cancellationToken))
            .SelectMany(message => message.Contents)
            .OfType<ToolApprovalRequestContent>()
            .LastOrDefault(asked => asked.RequestId == requestId);

    private static async Task<IEnumerable<ChatMessage>> ReadAsync(
        ChatServices services,
        AgentSession session,
        CancellationToken cancellationToken
    )
    {
        try
        {
            ConversationPage page = await services
                .History.FindConversation(session)!
                .GetMessagesAsync(cancellationToken: cancellationToken);
            return page.Messages.Select(message => message.Message);
        }
        catch (ConversationNotFoundException)
        {
            return [];
        }
    }

    /// <summary>What the routes need.</summary>
    /// <param name="History">What was said.</param>
    private sealed record ChatServices(AIAgent Agent, ConversationSessionStore Sessions, ConversationHistoryProvider History)
    {
        public static ValueTask<ChatServices> BindAsync(HttpContext context)
        {
            IServiceProvider services = context.RequestServices;
            return ValueTask.FromResult(
                new ChatServices(
                    services.GetRequiredService<AIAgent>(),
                    services.GetRequiredService<ConversationSessionStore>(),
                    services.GetRequiredService<ConversationHistoryProvider>()
                )
            );
        }
    }

    /// <summary>A question.</summary>
    /// <param name="Text">What is asked.</param>
    private sealed record Question(string Text);

    /// <summary>An answer to what the agent asks before it calls a tool.</summary>
    /// <param name="Approved">Whether it may.</param>
    private sealed record Approval(string RequestId, bool Approved);

    /// <summary>One message of a chat.</summary>
    private sealed record Said(string Role, string Text);
}
