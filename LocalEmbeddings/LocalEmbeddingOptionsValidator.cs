using Microsoft.Extensions.Options;
using OrleansMemory.LocalEmbeddings.Models;

namespace OrleansMemory.LocalEmbeddings;

/// <summary>The rules that need more than one option, or a look at the disk.</summary>
internal sealed class LocalEmbeddingOptionsValidator : IValidateOptions<LocalEmbeddingOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, LocalEmbeddingOptions options)
    {
        string[] errors = [.. options.Model == LocalEmbeddingModel.File ? OfFile(options) : OfKnown(options)];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> OfFile(LocalEmbeddingOptions options) =>
        MissingFile(nameof(options.ModelPath), options.ModelPath)
            .Concat(MissingFile(nameof(options.VocabularyPath), options.VocabularyPath));

    private static IEnumerable<string> MissingFile(string option, string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            yield return $"LocalEmbeddingOptions.{option} must be set where Model is File.";
        }
        else if (!File.Exists(path))
        {
            yield return $"LocalEmbeddingOptions.{option}: there is no file {path}.";
        }
    }

    private static IEnumerable<string> OfKnown(LocalEmbeddingOptions options)
    {
        if (ModelProfile.Of(options.Model) is not { } profile)
        {
            // Which models there are is told by the option's own rule.
            yield break;
        }

        if (options.ModelPath is not null || options.VocabularyPath is not null)
        {
            yield return "LocalEmbeddingOptions.ModelPath and VocabularyPath are for Model = File only.";
        }

        if (options.Pooling is not null || !options.LowerCase)
        {
            yield return "LocalEmbeddingOptions.Pooling and LowerCase are for Model = File only.";
        }

        if (options.MaxTokens > profile.MostTokens)
        {
            yield return FormattableString.Invariant(
                $"LocalEmbeddingOptions.MaxTokens must be at most {profile.MostTokens} for {options.Model}."
            );
        }

        if (!profile.IsThere)
        {
            yield return $"LocalEmbeddingOptions.Model: {options.Model} needs the package {profile.Package} in the application.";
        }
    }
}
