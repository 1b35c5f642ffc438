using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OrleansMemory.LocalEmbeddings;

/// <summary>All rules of the options, for generators that are made without a container as well.</summary>
internal static class LocalEmbeddingRules
{
    private static readonly LocalEmbeddingOptionsValidator Validator = new();

    /// <summary>Refuses options that break a rule.</summary>
    /// <exception cref="OptionsValidationException">They do.</exception>
    public static void Demand(LocalEmbeddingOptions options)
    {
        var broken = new List<ValidationResult>();
        System.ComponentModel.DataAnnotations.Validator.TryValidateObject(
            options,
            new ValidationContext(options),
            broken,
            validateAllProperties: true
        );
        ValidateOptionsResult result = Validator.Validate(Options.DefaultName, options);
        string[] errors = [.. broken.Select(rule => rule.ErrorMessage!), .. result.Failures ?? []];
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(LocalEmbeddingOptions), errors);
        }
    }
}
