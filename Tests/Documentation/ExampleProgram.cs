using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansMemory.Tests.Documentation;

/// <summary>
/// A program around pieces of code: each is a method that is given what it names and does not declare, and their types stand beside each
/// other.
/// </summary>
internal static class ExampleProgram
{
    // Whoever reads an example has these already.
    private const string Surroundings = """
        using System.Text.Json;
        using Microsoft.Agents.AI;
        using Microsoft.AspNetCore.Mvc.Testing;
        using Microsoft.AspNetCore.TestHost;
        using Microsoft.Extensions.AI;
        using OrleansMemory;
        using OrleansMemory.AspNetCore;
        using OrleansMemory.Client;
        using OrleansMemory.Client.AgentFramework;
        using OrleansMemory.Client.Compatibility.Arshai;
        using OrleansMemory.Client.Compatibility.AutoGrams;
        using OrleansMemory.Client.Compatibility.MassGen;
        using OrleansMemory.Client.Compatibility.MemoryStore;
        using OrleansMemory.Client.Feed;
        using OrleansMemory.Client.Memories;
        using OrleansMemory.Client.Postgres;
        using OrleansMemory.Client.Runs;
        using OrleansMemory.Client.Transfer;
        using OrleansMemory.Client.Windows;
        using OrleansMemory.Conversations;
        using OrleansMemory.Grains.Hosting;
        using OrleansMemory.LocalEmbeddings;
        using OrleansMemory.Mcp;
        using OrleansMemory.Memories;
        using OrleansMemory.Testing;
        using OrleansMemory.Users;

        await Task.Yield();

        public partial class Program
        {
            private static void Apply(ConversationFeedEvent next) => next.ToString();

            private static void Print(string text) => Console.WriteLine(text);

        #examples#
        }

        public sealed record Seat(int Row, char Letter);

        #types#
        """;

    private const string Example = """
            private static async Task Example#number#Async(#surroundings#)
            {
                await Task.Yield();
        #code#
            }

        """;

    private static readonly (string Name, string Type)[] Known =
    [
        ("app", "WebApplication"),
        ("builder", "WebApplicationBuilder"),
        ("cancelled", "CancellationToken"),
        ("chatClient", "IChatClient"),
        ("client", "ConversationClient"),
        ("connectionString", "string"),
        ("conversation", "Conversation"),
        ("conversations", "ConversationClient"),
        ("file", "Stream"),
        ("generator", "IEmbeddingGenerator<string, Embedding<float>>"),
        ("host", "MemoryTestHost"),
        ("memory", "ScopedMemories"),
        ("messages", "System.Collections.Immutable.ImmutableArray<NewMessage>"),
        ("model", "IChatClient"),
        ("other", "ConversationClient"),
        ("position", "FeedPosition"),
        ("services", "IServiceCollection"),
    ];

    /// <summary>Puts examples into one program.</summary>
    /// <param name="examples">Their code.</param>
    public static string Of(params string[] examples)
    {
        CompilationUnitSyntax[] pieces = [.. examples.Select(example => SyntaxFactory.ParseCompilationUnit(example))];
        return Surroundings
            .Replace("#examples#", string.Concat(pieces.Select(Method)), StringComparison.Ordinal)
            .Replace(
                "#types#",
                string.Concat(
                    pieces
                        .SelectMany(piece => piece.Members)
                        .Where(member => member is not GlobalStatementSyntax)
                        .Select(type => type.ToFullString())
                ),
                StringComparison.Ordinal
            );
    }

    private static string Method(CompilationUnitSyntax piece, int number)
    {
        GlobalStatementSyntax[] statements = [.. piece.Members.OfType<GlobalStatementSyntax>()];
        HashSet<string> declared =
        [
            .. statements.SelectMany(statement => statement.DescendantNodes()).Select(DeclaredName).OfType<string>(),
        ];
        return Example
            .Replace("#number#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace(
                "#surroundings#",
                string.Join(", ", Known.Where(known => !declared.Contains(known.Name)).Select(known => $"{known.Type} {known.Name}")),
                StringComparison.Ordinal
            )
            .Replace("#code#", string.Concat(statements.Select(statement => statement.ToFullString())), StringComparison.Ordinal);
    }

    private static string? DeclaredName(SyntaxNode node) =>
        node switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.Text,
            SingleVariableDesignationSyntax designation => designation.Identifier.Text,
            ForEachStatementSyntax loop => loop.Identifier.Text,
            _ => null,
        };
}
