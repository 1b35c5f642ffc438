using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Architecture;

/// <summary>
/// Lines have at most 140 columns, as <c>.editorconfig</c> says. Only a text may be longer: a message is searched for as it is written.
/// </summary>
public sealed class LineLengthTests
{
    private const int Most = 140;

    [Fact]
    public void No_line_is_longer_than_what_fits_beside_another_file()
    {
        string[] sources = [.. Sources()];
        Assert.True(sources.Length > 1_000, $"{sources.Length} sources");
        string[] found =
        [
            .. sources.SelectMany(file =>
                LongLines(File.ReadAllText(file)).Select(line => $"{Path.GetRelativePath(Checkout.Root, file)}:{line}")
            ),
        ];
        Assert.True(found.Length == 0, $"{found.Length} lines, begin with: {string.Join('\n', found.Take(20))}");
    }

    [Theory]
    [InlineData("// {0}", 1)]
    [InlineData("var x = {0};", 1)]
    [InlineData("var x = \"{0}\";", 0)]
    [InlineData("var x = $\"{0}\";", 0)]
    [InlineData("var x = \"\"\"\n    {0}\n    \"\"\";", 0)]
    [InlineData("/// <summary>{0}</summary>\nclass A;", 1)]
    public void Only_texts_may_be_longer(string code, int found)
    {
        string filled = code.Replace("{0}", new string('x', Most), StringComparison.Ordinal);
        Assert.Equal(found, LongLines(filled).Count());
        Assert.Empty(LongLines(code));
    }

    private static IEnumerable<string> Sources() =>
        from folder in Directory.EnumerateDirectories(Checkout.Root)
        where Path.GetFileName(folder) is not ("artifacts" or "bin" or "obj") && !Path.GetFileName(folder).StartsWith('.')
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        where
            !file.EndsWith(".g.cs", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        select file;

    private static IEnumerable<int> LongLines(string source)
    {
        if (!source.Split('\n').Any(line => line.Length > Most))
        {
            return [];
        }

        var text = SourceText.From(source);
        SyntaxNode root = CSharpSyntaxTree.ParseText(text).GetRoot();
        return
        [
            .. from line in text.Lines
            where line.End - line.Start > Most && !IsText(root.FindToken(line.Start + Most), line.Start + Most)
            select line.LineNumber + 1,
        ];
    }

    /// <summary>Whether a token is a text, or stands in an interpolated one.</summary>
    private static bool IsText(SyntaxToken token, int position) =>
        token.Span.Contains(position)
        && (
            token.IsKind(SyntaxKind.StringLiteralToken)
            || token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken)
            || token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
            || token.IsKind(SyntaxKind.Utf8StringLiteralToken)
            || token.IsKind(SyntaxKind.Utf8MultiLineRawStringLiteralToken)
            || token.Parent!.AncestorsAndSelf().Any(node => node is InterpolatedStringExpressionSyntax)
        );
}
