using System.ClientModel;
using System.CommandLine;
using System.Net;
using Microsoft.Extensions.AI;
using OpenAI;
using OrleansMemory.Cli.Chat;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Talks with a model whose history is kept by the silo.</summary>
internal static class ChatCommand
{
    private const string KeyVariable = "OPENAI_API_KEY";

    private const string AddressVariable = "OPENAI_BASE_URL";

    // What servers on one's own machine take as a key.
    private const string NoKey = "none";

    public static Command Create(Connection connection, Invocation invocation)
    {
        var id = Ids.Argument("conversation", "The conversation's id. The first turn makes one that is not there.");
        var model = new Option<string?>("--model") { Description = "The model's name, as its server has it." };
        var address = new Option<string?>("--model-address")
        {
            Description =
                $"Where an OpenAI-compatible server is, for instance http://127.0.0.1:11434/v1. Default: {AddressVariable}, else OpenAI. Its key is in {KeyVariable}.",
        };
        var script = new Option<FileInfo?>("--script")
        {
            Description = "A file whose lines are the answers, one after the other, in the place of a model.",
        };
        var user = new Option<string?>("--user") { Description = "Whose conversation it is, where it is new." };
        var system = new Option<string?>("--system") { Description = "What the model is told first, every time. It is not kept." };
        Option<int> maxTokens = Limits.Option("--max-tokens", "How much of the history the model is sent, in tokens by estimate.", 8_000);
        var command = new Command(
            "chat",
            "Talks with a model: a line of the input is a question. The history is the conversation's, also of other programs."
        )
        {
            id,
            model,
            address,
            script,
            user,
            system,
            maxTokens,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(model) is null == result.GetValue(script) is null)
            {
                result.AddError("Say who answers: either --model or --script.");
            }
        });
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        string conversation = parsed.GetRequiredValue(id);
                        using IChatClient answers = parsed.GetValue(script) is { } file
                            ? Script(file)
                            : Model(
                                parsed.GetValue(model)!,
                                parsed.GetValue(address) ?? invocation.Environment(AddressVariable),
                                invocation.Environment(KeyVariable)
                            );
                        await TakeAsync(memory, conversation, parsed.GetValue(user), cancellationToken);
                        var session = new ChatSession(memory, answers, conversation, parsed.GetValue(maxTokens), parsed.GetValue(system));

                        // A terminal's reader does not let go of its thread: who interrupts does not wait for it.
                        while (await Task.Run(invocation.Input.ReadLine, cancellationToken).WaitAsync(cancellationToken) is { } question)
                        {
                            if (question.Length > 0)
                            {
                                string answer = await session.AskAsync(
                                    question,
                                    printer.IsJson ? static _ => { }
                                : invocation.Output.Write,
                                    cancellationToken
                                );
                                printer.Write(new { question, answer }, _ => printer.Line(string.Empty));
                            }
                        }
                    }
                )
        );
        return command;
    }

    // A conversation that is there keeps its user.
    private static async Task TakeAsync(MemoryHttpClient memory, string conversation, string? user, CancellationToken cancellationToken)
    {
        if (user is null)
        {
            return;
        }

        try
        {
            await memory.GetConversationAsync(conversation, cancellationToken);
        }
        catch (MemoryHttpException refusal) when ((HttpStatusCode)refusal.StatusCode is HttpStatusCode.NotFound)
        {
            await memory.PutConversationAsync(conversation, new SettingsBody { UserId = user }, cancellationToken: cancellationToken);
        }
    }

    private static ScriptedModel Script(FileInfo file)
    {
        string[] lines = file.Exists ? File.ReadAllLines(file.FullName) : throw new UsageException($"There is no file {file.FullName}.");
        return lines.Length > 0 ? new ScriptedModel(lines) : throw new UsageException($"{file.FullName} has no line.");
    }

    private static IChatClient Model(string name, string? address, string? key)
    {
        var options = new OpenAIClientOptions();
        if (!string.IsNullOrEmpty(address))
        {
            options.Endpoint =
                Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is ("http" or "https")
                    ? endpoint
                    : throw new UsageException($"'{address}' is no address. It begins with http:// or https://.");
        }

        return new OpenAIClient(new ApiKeyCredential(string.IsNullOrEmpty(key) ? NoKey : key), options).GetChatClient(name).AsIChatClient();
    }
}
