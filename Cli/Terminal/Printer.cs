using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace OrleansMemory.Cli.Terminal;

/// <summary>Writes answers: for people, or as JSON for programs.</summary>
/// <param name="invocation">Where they go.</param>
internal sealed class Printer(Invocation invocation, bool isJson)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether answers are for programs.</summary>
    public bool IsJson => isJson;

    private readonly IAnsiConsole _console = invocation.CreateConsole();

    /// <summary>Writes a document: a line of JSON, or what people read.</summary>
    /// <typeparam name="T">The document's type.</typeparam>
    public void Write<T>(T document, Action<T> forPeople)
    {
        if (isJson)
        {
            invocation.Output.WriteLine(JsonSerializer.Serialize(document, Json));
        }
        else
        {
            forPeople(document);
        }
    }

    /// <summary>Writes several documents: a line of JSON each, or what people read of them together.</summary>
    /// <typeparam name="T">The documents' type.</typeparam>
    public void WriteAll<T>(IReadOnlyList<T> documents, Action<IReadOnlyList<T>> forPeople)
    {
        if (!isJson)
        {
            forPeople(documents);
            return;
        }

        foreach (T document in documents)
        {
            invocation.Output.WriteLine(JsonSerializer.Serialize(document, Json));
        }
    }

    /// <summary>Writes a line of plain text.</summary>
    public void Line(string text) => invocation.Output.WriteLine(PlainText.Of(text));

    /// <summary>Writes a line with a quiet beginning.</summary>
    /// <param name="quiet">What stands at its beginning.</param>
    public void Line(string quiet, string text) =>
        _console.MarkupLine($"[grey]{Markup.Escape(PlainText.Of(quiet))}[/] {Markup.Escape(PlainText.Of(text))}");

    /// <summary>Writes a table.</summary>
    public void Table(string[] columns, IEnumerable<string?[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (string?[] row in rows)
        {
            table.AddRow([.. row.Select(static cell => new Text(PlainText.Of(cell ?? string.Empty)))]);
        }

        _console.Write(table);
    }
}
