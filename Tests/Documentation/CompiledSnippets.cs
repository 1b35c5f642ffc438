using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OrleansMemory.Tests.Documentation;

/// <summary>Compiles what documents show, in this process, against what the tests stand on.</summary>
public sealed class CompiledSnippets
{
    // What the SDKs of a console app, of a web app and of Orleans bring without being asked.
    private const string Implicit = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using Orleans;
        global using Orleans.Hosting;
        global using Orleans.Runtime;
        """;

    // As long-lived as the tests that need them: they are large.
    private readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What a compiler says against a program.</summary>
    /// <param name="program">The program.</param>
    /// <returns>Its errors, none when it compiles.</returns>
    public IReadOnlyList<string> Errors(string program)
    {
        CSharpParseOptions parsing = new(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(Implicit, parsing), CSharpSyntaxTree.ParseText(program, parsing)],
            _references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)
        );
        return
        [
            .. compilation
                .GetDiagnostics()
                .Where(found => found.Severity == DiagnosticSeverity.Error)
                .Select(found =>
                    $"{found.Id} {found.GetMessage(CultureInfo.InvariantCulture)} ({found.Location.GetLineSpan().StartLinePosition})"
                ),
        ];
    }
}
