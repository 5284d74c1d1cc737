package front

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// Figures are what a service counts, for Prometheus. It is safe for concurrent use.
type Figures struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	underWay  prometheus.Gauge
	commands  *prometheus.HistogramVec
	refused   *prometheus.CounterVec
}

// buckets of durations, in seconds: from half a millisecond to ten seconds.
var durationBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// NewFigures returns figures that stand at zero, in a registry of their own.
func NewFigures() *Figures {
	f := &Figures{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_http_requests_total", Help: "Requests answered.",
		}, []string{"method", "route", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "entente_http_request_seconds", Help: "Time from the header of a request to the end of its answer.", Buckets: durationBuckets,
		}, []string{"route"}),
		underWay: prometheus.NewGauge(prometheus.GaugeOpts{Name: "entente_http_requests_under_way", Help: "Requests that are being answered."}),
		commands: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "entente_command_seconds", Help: "Time to decide a command and append its events durably.", Buckets: durationBuckets,
		}, []string{"aggregate"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_commands_refused_total", Help: "Commands refused, by the code of the error.",
		}, []string{"code"}),
	}
	f.registry.MustRegister(f.requests, f.durations, f.underWay, f.commands, f.refused,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// Gauge adds a figure that is asked for when the figures are read. Labels may be
// nil. It panics if there is one with that name and these labels, which is a
// programmer's error.
func (f *Figures) Gauge(name, help string, labels map[string]string, value func() float64) {
	f.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// Handler answers with the figures, as Prometheus reads them.
func (f *Figures) Handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{})
}

// Command counts a command of an aggregate: how long it took, and why it was
// refused if it was.
func (f *Figures) Command(aggregate string, took time.Duration, err error) {
	if err == nil {
		f.commands.WithLabelValues(aggregate).Observe(took.Seconds())
		return
	}
	var led *es.Error
	var own *problem.Error
	code := "internal"
	switch {
	case errors.As(err, &own):
		code = own.Code
	case errors.As(err, &led):
		code = led.Code
	}
	f.refused.WithLabelValues(code).Inc()
}

// begin counts a request, and returns what is called when it is answered.
func (f *Figures) begin() func(method, route string, status int, took time.Duration) {
	f.underWay.Inc()
	return func(method, route string, status int, took time.Duration) {
		f.underWay.Dec()
		switch method {
		case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch:
		default:
			method = "other" // a client can make up as many as it likes
		}
		f.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
		f.durations.WithLabelValues(route).Observe(took.Seconds())
	}
}
