using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Documentation;

/// <summary>
/// What is public is documented whole: who documents one parameter documents them all. The compiler's own check of that is off, since it
/// asks for it of internal members too.
/// </summary>
public sealed class PublicDocsTests
{
    public static TheoryData<string> Packages =>
        [
            .. Directory
                .EnumerateFiles(Checkout.Root, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
                .Where(file =>
                    File.ReadAllText(file).Contains("PublicAPI", StringComparison.Ordinal)
                    || File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "PublicAPI.Shipped.txt"))
                )
                .Select(file => $"OrleansMemory.{Path.GetFileNameWithoutExtension(file)}")
                .Where(name => File.Exists(Path.Combine(AppContext.BaseDirectory, name + ".dll")))
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void The_packages_are_found() => Assert.Contains("OrleansMemory.Grains.Interfaces", Packages.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Packages))]
    public void All_parameters_of_a_public_member_are_documented_or_none(string package)
    {
        var documents = XDocument
            .Load(Path.Combine(AppContext.BaseDirectory, package + ".xml"))
            .Descendants("member")
            .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal);
        MetadataReference own = MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, package + ".dll"));
        var compilation = CSharpCompilation.Create(
            "Docs",
            references:
            [
                own,
                .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                    .Split(Path.PathSeparator)
                    .Where(path => !Path.GetFileNameWithoutExtension(path).Equals(package, StringComparison.Ordinal))
                    .Select(path => MetadataReference.CreateFromFile(path)),
            ]
        );
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(own)!;

        string[] partly =
        [
            .. from symbol in Public(assembly.GlobalNamespace)
            let parameters = Parameters(symbol)
            where parameters.Length > 0 && documents.ContainsKey(symbol.GetDocumentationCommentId()!)
            let documented = Named(documents[symbol.GetDocumentationCommentId()!])
            let missing = parameters.Where(name => !documented.Contains(name)).ToArray()
            where documented.Count > 0 && missing.Length > 0
            select $"{symbol.GetDocumentationCommentId()}: {string.Join(", ", missing)}",
        ];
        Assert.True(partly.Length == 0, string.Join('\n', partly));
    }

    private static HashSet<string> Named(XElement member) =>
        [
            .. member
                .Elements()
                .Where(element => element.Name.LocalName is "param" or "typeparam")
                .Select(element => (string)element.Attribute("name")!),
        ];

    private static string[] Parameters(ISymbol symbol) =>
        symbol switch
        {
            IMethodSymbol method =>
            [
                .. method.Parameters.Select(parameter => parameter.Name),
                .. method.TypeParameters.Select(parameter => parameter.Name),
            ],
            IPropertySymbol property => [.. property.Parameters.Select(parameter => parameter.Name)],
            INamedTypeSymbol { TypeKind: TypeKind.Delegate } type =>
            [
                .. type.DelegateInvokeMethod!.Parameters.Select(parameter => parameter.Name),
            ],
            INamedTypeSymbol type => [.. type.TypeParameters.Select(parameter => parameter.Name)],
            _ => [],
        };

    private static IEnumerable<ISymbol> Public(INamespaceOrTypeSymbol parent) =>
        from member in parent.GetMembers()
        where
            member is INamespaceSymbol
            || member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        from found in member is INamespaceOrTypeSymbol inner ? Public(inner).Append(member) : [member]
        where found is not INamespaceSymbol
        select found;
}
