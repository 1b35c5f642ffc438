using Microsoft.Extensions.Options;

namespace Orleans.Configuration;

/// <summary>Checks the times of <see cref="GrainCollectionOptions"/> against each other.</summary>
internal sealed class GrainCollectionOptionsValidator : IValidateOptions<GrainCollectionOptions>
{
    public ValidateOptionsResult Validate(string? name, GrainCollectionOptions options)
    {
        var failures = new List<string>();
        RequireMore(nameof(options.CollectionQuantum), options.CollectionQuantum, TimeSpan.Zero);
        RequireMore(nameof(options.ActivationTimeout), options.ActivationTimeout, TimeSpan.Zero);
        RequireMore(nameof(options.DeactivationTimeout), options.DeactivationTimeout, TimeSpan.Zero);
        RequireMore(nameof(options.CollectionAge), options.CollectionAge, options.CollectionQuantum);
        foreach (var (grainClass, age) in options.ClassSpecificCollectionAge)
        {
            RequireMore($"{nameof(options.ClassSpecificCollectionAge)}[{grainClass}]", age, options.CollectionQuantum);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void RequireMore(string setting, TimeSpan value, TimeSpan bound)
        {
            if (value <= bound) failures.Add($"{nameof(GrainCollectionOptions)}.{setting} is {value} and must be more than {bound}.");
        }
    }
}
