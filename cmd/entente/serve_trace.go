package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"go.opentelemetry.io/otel/attribute"
)

// flushTime is how long the last traces may take to leave.
const flushTime = 5 * time.Second

// tracing returns what makes traces: none, unless $OTEL_EXPORTER_OTLP_ENDPOINT says
// where they go (OpenTelemetry, OTLP over HTTP). Stop sends what is left.
func tracing(ctx context.Context, log *slog.Logger) (traces trace.TracerProvider, stop func(), err error) {
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" {
		return noop.NewTracerProvider(), func() {}, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("open the way of the traces: %w", err)
	}
	about := resource.NewSchemaless(attribute.String("service.name", "entente"), attribute.String("service.version", version()))
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))
	return provider, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
		defer cancel()
		if err := provider.Shutdown(last); err != nil {
			log.WarnContext(ctx, "traces not sent", "error", err)
		}
	}, nil
}
